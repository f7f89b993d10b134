using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Tests.Contracts;

/// <summary>A real server on a port of its own that treats each connection as it is told, and closes it then.</summary>
public sealed class FakeBackend : IAsyncDisposable
{
    private readonly Func<Stream, Task> _serve;
    private readonly TcpListener _listener;
    private readonly Task _accepting;
    private int _accepted;

    public FakeBackend(Func<Stream, Task> serve, IPAddress? address = null)
    {
        _serve = serve;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        Address = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    public int Accepted => Volatile.Read(ref _accepted);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _accepted);
                served.Add(ServeAsync(connection));
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped, while accepting or between two accepts.
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                await _serve(connection.GetStream());
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The probe went away: its own affair.
            }
        }
    }
}
