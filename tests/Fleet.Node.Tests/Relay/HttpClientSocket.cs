using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

/// <summary>A client that speaks HTTP by hand, so that a test sees what the connection does.</summary>
public sealed class HttpClientSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private bool _ends;

    private HttpClientSocket(Socket socket) => _socket = socket;

    public static async Task<HttpClientSocket> ConnectAsync(VipAddress vip, int port, IPAddress? from = null)
    {
        var socket = new Socket(vip.Value.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from is not null)
                socket.Bind(new IPEndPoint(from, 0));
            using var late = new CancellationTokenSource(Patience);
            await socket.ConnectAsync(new IPEndPoint(vip.Value, port), late.Token);
            return new HttpClientSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One request on a connection of its own; null if there was no whole answer.</summary>
    public static async Task<string?> TryGetAsync(VipAddress vip, int port, string path = "/")
    {
        try
        {
            using var client = await ConnectAsync(vip, port);
            return await client.GetAsync(path);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    public async Task<string> GetAsync(string path = "/")
    {
        await SendAsync($"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n");
        return await ReadResponseAsync();
    }

    /// <summary>One request, and whether the server says that the connection ends with its response.</summary>
    public async Task<(string Body, bool Ends)> GetAndEndAsync()
    {
        var body = await GetAsync();
        return (body, _ends);
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.ASCII.GetBytes(text));

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The body of a response with Content-Length. A data plane that answers for nobody says so with another status than 200.</summary>
    /// <exception cref="IOException">There was no whole response, or not of a backend.</exception>
    public async Task<string> ReadResponseAsync()
    {
        var text = "";
        while (true)
        {
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0)
            {
                if (!text.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
                    throw new IOException($"No backend has answered: {text}");
                _ends = text[..head].Contains("connection: close", StringComparison.OrdinalIgnoreCase);
                var field = text.IndexOf("Content-Length: ", 0, head, StringComparison.OrdinalIgnoreCase) + "Content-Length: ".Length;
                var length = int.Parse(text[field..head].Split('\r')[0]);
                if (text.Length >= head + 4 + length)
                    return text[(head + 4)..];
            }

            var piece = await ReadAsync();
            if (piece.Length == 0)
                throw new IOException("The connection ended inside a response.");
            text += piece;
        }
    }

    /// <summary>What comes next; empty at the other side's end. A reset is a <see cref="SocketException"/>.</summary>
    public async Task<string> ReadAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        var length = await _socket.ReceiveAsync(_buffer, late.Token);
        return Encoding.ASCII.GetString(_buffer, 0, length);
    }

    /// <summary>The other side cuts the connection, and not a byte comes before.</summary>
    public async Task ShouldBeResetAsync()
    {
        try
        {
            var got = await ReadAsync();
            throw new ShouldAssertException($"The connection should be reset, but this came (nothing is an orderly end): '{got}'.");
        }
        catch (SocketException e)
        {
            e.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        }
    }

    public void Dispose() => _socket.Dispose();
}
