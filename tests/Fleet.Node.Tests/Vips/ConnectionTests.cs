using System.Net;
using System.Net.Sockets;
using Fleet.Node.Tests.Vips.Networks;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Vips;

/// <summary>What clients see of their connections when a VIP goes.</summary>
[NeedsNetwork]
public sealed class ConnectionTests : IDisposable
{
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(20));
    private readonly Lan _lan = new();

    public void Dispose()
    {
        _lan.Dispose();
        _bound.Dispose();
    }

    [ContractTheory]
    [InlineData(false, "0.0.0.0")]
    [InlineData(false, "::")]
    [InlineData(true, "::")]
    public async Task Vip_that_goes_by_order_resets_its_connections_and_no_others(bool isV6, string listensAt)
    {
        await using var server = new Answerer(_lan.NodeA, IPAddress.Parse(listensAt));
        await using var holder = Lan.Open(_lan.NodeA);
        var vips = Lan.Vips(isV6, 3).ToArray();
        await holder.HoldAsync([.. vips], In(60_000), CancellationToken.None);
        using var goes = await ConnectAsync(vips[0]);
        using var goesToo = await ConnectAsync(vips[2]);
        using var stays = await ConnectAsync(vips[1]);
        await holder.HoldAsync([vips[1]], In(60_000), CancellationToken.None);
        (await EndAsync(goes)).ShouldBe(SocketError.ConnectionReset);
        (await EndAsync(goesToo)).ShouldBe(SocketError.ConnectionReset);
        await stays.SendAsync(new byte[1], _bound.Token);
        (await stays.ReceiveAsync(new byte[1], _bound.Token)).ShouldBe(0, "the server ends it in good order when it is asked again");
    }

    private static Instant In(int milliseconds) => MonotonicClock.System.Now + TimeSpan.FromMilliseconds(milliseconds);

    private async Task<Socket> ConnectAsync(VipAddress vip)
    {
        var socket = Answerer.NewSocket(_lan.Client, vip);
        await socket.ConnectAsync(new IPEndPoint(vip.Value, Answerer.Port), _bound.Token);
        (await socket.ReceiveAsync(new byte[1], _bound.Token)).ShouldBe(1);
        return socket;
    }

    private async Task<SocketError> EndAsync(Socket socket)
    {
        try
        {
            await socket.ReceiveAsync(new byte[1], _bound.Token);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
