using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Demo.Clients;

/// <summary>
/// One HTTP/1.1 connection to a VIP, as thin as it can be: a probe must see each failure, which a full-grown client would retry away.
/// </summary>
internal sealed class MiniHttp(IPEndPoint vip) : IDisposable
{
    private readonly Socket _socket = new(vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {vip.Address}\r\n\r\n");
    private bool _connected;
    private byte[] _lastNodeBytes = [];
    private string _lastNode = "";

    private static ReadOnlySpan<byte> NodeField => "\r\nFleet-Node: "u8;

    /// <summary>Why there was no answer, in a word or two.</summary>
    public string Failure { get; private set; } = "no answer";

    /// <summary>The request went out: it may have been carried out, and must not be sent again elsewhere.</summary>
    public bool WasSent { get; private set; }

    /// <summary>The node that relayed the answer; null when there was none.</summary>
    public async Task<string?> GetAsync(CancellationToken cancellation)
    {
        try
        {
            if (!_connected)
                await _socket.ConnectAsync(vip, cancellation);
            _connected = true;
            await _socket.SendAsync(_request, cancellation);
            WasSent = true;
            var length = 0;
            while (length < _buffer.Length)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
                if (read == 0)
                {
                    Failure = "closed before the answer";
                    return null;
                }

                length += read;
                if (IsWhole(_buffer.AsSpan(0, length)))
                    return Node(_buffer.AsSpan(0, length));
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
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>The answers come from the demo's own backends: they give a length, and spell names in one way.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> response)
    {
        var head = response.IndexOf("\r\n\r\n"u8);
        return head >= 0 && Field(response[..(head + 2)], "\r\nContent-Length: "u8) is var length && Utf8Parser.TryParse(length, out int bytes, out _)
            && response.Length - head - 4 >= bytes;
    }

    private string? Node(ReadOnlySpan<byte> response)
    {
        if (!response.StartsWith("HTTP/1.1 200"u8))
        {
            Failure = "not 200";
            return null;
        }

        var name = Field(response, NodeField);
        if (!name.SequenceEqual(_lastNodeBytes))
        {
            _lastNodeBytes = name.ToArray();
            _lastNode = Encoding.UTF8.GetString(name);
        }

        return _lastNode;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        if (at < 0)
            return [];
        var value = head[(at + name.Length)..];
        return value[..value.IndexOf((byte)'\r')];
    }
}
