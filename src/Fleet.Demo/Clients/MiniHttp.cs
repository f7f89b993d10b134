using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Demo.Backends;

namespace Fleet.Demo.Clients;

/// <summary>One HTTP/1.1 connection to a VIP, as thin as it can be: a probe must see each failure, where a grown client would retry it away.</summary>
public sealed class MiniHttp(IPEndPoint vip) : IDisposable
{
    private readonly Socket socket = new(vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[4096];
    private readonly byte[] request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {vip.Address}\r\n\r\n");
    private bool connected;

    /// <summary>Why there was no answer, in a word or two.</summary>
    public string Failure { get; private set; } = "no answer";

    /// <summary>The request went out: it may have been carried out, and must not be sent again elsewhere.</summary>
    public bool WasSent { get; private set; }

    /// <summary>The node that relayed the answer; null when there was none.</summary>
    public async Task<string?> GetAsync(CancellationToken cancellation)
    {
        try
        {
            if (!connected)
                await socket.ConnectAsync(vip, cancellation);
            connected = true;
            await socket.SendAsync(request, cancellation);
            WasSent = true;
            var length = 0;
            while (length < buffer.Length)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
                if (read == 0)
                {
                    Failure = "closed before the answer";
                    return null;
                }

                length += read;
                if (IsWhole(buffer.AsSpan(0, length)))
                    return Node(buffer.AsSpan(0, length));
            }

            return null;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Failure = e is SocketException broken ? broken.SocketErrorCode.ToString() : "no answer in time";
            return null;
        }
    }

    public void Dispose()
    {
        // A reset instead of a FIN: thousands of probes must not leave thousands of ports in TIME_WAIT.
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    private static bool IsWhole(ReadOnlySpan<byte> response)
    {
        var head = response.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var body = response[(head + 4)..];
        return Field(response[..(head + 2)], "Content-Length") is { } text
            ? body.Length >= int.Parse(text)
            : body.EndsWith("0\r\n\r\n"u8);
    }

    private static string? Node(ReadOnlySpan<byte> response) =>
        response.StartsWith("HTTP/1.1 200"u8) ? Field(response[..(response.IndexOf("\r\n\r\n"u8) + 2)], Backend.NodeHeader) : null;

    private static string? Field(ReadOnlySpan<byte> head, string name)
    {
        foreach (var line in Encoding.ASCII.GetString(head).Split("\r\n"))
        {
            if (line.StartsWith(name, StringComparison.OrdinalIgnoreCase) && line.Length > name.Length && line[name.Length] == ':')
                return line[(name.Length + 1)..].Trim();
        }

        return null;
    }
}
