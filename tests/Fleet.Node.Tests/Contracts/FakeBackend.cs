using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Tests.Contracts;

/// <summary>A real server on a port of its own that treats each connection as it is told, and closes it then.</summary>
public sealed class FakeBackend : IAsyncDisposable
{
    private readonly Func<Stream, Task> serve;
    private readonly TcpListener listener;
    private readonly Task accepting;
    private int accepted;

    public FakeBackend(Func<Stream, Task> serve, IPAddress? address = null)
    {
        this.serve = serve;
        listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        listener.Start();
        Address = (IPEndPoint)listener.LocalEndpoint;
        accepting = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    public int Accepted => Volatile.Read(ref accepted);

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref accepted);
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
                await serve(connection.GetStream());
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The probe went away: its own affair.
            }
        }
    }
}
