using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Relay;

/// <summary>
/// A real server: answers each request with its own name (with what the PROXY header said, if it expects one); <c>/wait</c> is answered when
/// <see cref="Release"/> is called. As an echo server it sends back what comes and ends when the client has ended.
/// </summary>
public sealed class TestBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Parse("127.91.0.1"), 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _served = [];
    private readonly bool _proxied;
    private readonly bool _echo;
    private readonly Task _accepting;
    private int _requests;
    private int _connections;

    public TestBackend(string name, bool proxied = false, bool echo = false)
    {
        Name = name;
        _proxied = proxied;
        _echo = echo;
        _listener.Start(512);
        Address = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    public string Name { get; }

    public IPEndPoint Address { get; }

    public int Requests => Volatile.Read(ref _requests);

    public int Connections => Volatile.Read(ref _connections);

    public Backend Backend => new(Name, Address);

    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_served);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _served.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        Interlocked.Increment(ref _connections);
        var text = new List<byte>();
        var buffer = new byte[4096];
        var greeting = Name;
        var proxied = _proxied;
        try
        {
            while (await socket.ReceiveAsync(buffer, _stop.Token) is var length and > 0)
            {
                if (_echo)
                {
                    await socket.SendAsync(buffer.AsMemory(0, length), _stop.Token);
                    continue;
                }

                text.AddRange(buffer.AsSpan(0, length));
                if (proxied && ProxyHeader.TryRead(text.ToArray(), out var header, out var size))
                {
                    greeting = $"{Name} {header.Client?.Address} {header.Vip} {header.Node}";
                    text.RemoveRange(0, size);
                    proxied = false;
                }

                while (!proxied && TakeRequest(text) is { } request)
                    await AnswerAsync(socket, request, greeting);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Stopped, or the client has gone.
        }
    }

    private static string? TakeRequest(List<byte> text)
    {
        var all = Encoding.ASCII.GetString([.. text]);
        var end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return null;
        text.RemoveRange(0, end + 4);
        return all[..end];
    }

    private async Task AnswerAsync(Socket socket, string request, string greeting)
    {
        Interlocked.Increment(ref _requests);
        if (request.StartsWith("GET /wait", StringComparison.Ordinal))
            await _released.Task.WaitAsync(_stop.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {greeting.Length}\r\n\r\n{greeting}"), _stop.Token);
    }
}
