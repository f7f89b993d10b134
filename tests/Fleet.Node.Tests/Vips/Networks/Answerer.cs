using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Vips.Networks;

/// <summary>A server of a node that answers every connection, to whichever address, with one octet. It can stand still.</summary>
public sealed class Answerer : IAsyncDisposable
{
    public const int Port = 8077;

    private readonly Socket _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private TaskCompletionSource _goes = new();

    public Answerer(NetworkNamespace node, IPAddress at)
    {
        _listener = node.Run(() =>
        {
            var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (at.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(at, Port));
            socket.Listen(100);
            return socket;
        });
        _goes.SetResult();
        _serving = ServeAsync();
    }

    /// <summary>Whether a new connection from there is answered before the time is over.</summary>
    public static async Task<bool> AsksAsync(NetworkNamespace client, VipAddress vip, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        using var socket = NewSocket(client, vip);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(vip.Value, Port), late.Token);
            return await socket.ReceiveAsync(new byte[1], late.Token) == 1;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    public static Socket NewSocket(NetworkNamespace client, VipAddress vip) =>
        client.Run(() => new Socket(vip.Value.AddressFamily, SocketType.Stream, ProtocolType.Tcp));

    public void Suspend() => _goes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _goes.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Resume();
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(AnswerAsync(await _listener.AcceptAsync(_end.Token)));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task AnswerAsync(Socket connection)
    {
        using var mine = connection;
        try
        {
            await _goes.Task.WaitAsync(_end.Token);
            await connection.SendAsync("y"u8.ToArray(), _end.Token);
            await connection.ReceiveAsync(new byte[1], _end.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client has gone, or the test.
        }
    }
}
