using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Wan;

namespace Fleet.EndToEnd.Tests.Wan;

/// <summary>The wires that tests are made with: as slow as asked, no slower, in order, and each direction for itself.</summary>
public sealed class ProxyTests : IDisposable
{
    private static readonly IPEndPoint Anywhere = new(IPAddress.Loopback, 0);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpListener _server = new(Anywhere);
    private readonly TcpProxy _proxy;

    public ProxyTests()
    {
        _server.Start();
        _proxy = new TcpProxy(Anywhere, (IPEndPoint)_server.LocalEndpoint);
    }

    private static Instant Now => MonotonicClock.System.Now;

    public void Dispose()
    {
        _proxy.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Each_direction_is_as_slow_as_asked_and_one_byte_does_not_wait_for_another()
    {
        _proxy.ToTarget.Delay = Delay;
        var (client, target) = await OpenAsync();
        using var both = new Ends(client, target);
        var there = await FlightsAsync(client, target);
        var back = await FlightsAsync(target, client);

        there.Min().ShouldBeGreaterThanOrEqualTo(Delay.TotalMilliseconds);
        Median(there).ShouldBeLessThan(Delay.TotalMilliseconds + 5);
        Median(back).ShouldBeLessThan(5);
    }

    [Fact]
    public async Task Long_wire_is_as_wide_as_a_short_one_and_keeps_the_order()
    {
        _proxy.ToTarget.Delay = _proxy.FromTarget.Delay = Delay;
        _proxy.ToTarget.Jitter = Delay;
        var (client, target) = await OpenAsync();
        using var both = new Ends(client, target);
        var sent = new byte[8_000_000];
        new Random(1).NextBytes(sent);
        var begun = Now;
        var sending = Task.Run(() => client.Send(sent));
        var received = new byte[sent.Length];
        using var patience = new CancellationTokenSource(Patience);
        await new NetworkStream(target).ReadExactlyAsync(received, patience.Token);
        await sending;

        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
        (Now - begun).TotalMilliseconds.ShouldBeLessThan(2000);
    }

    [Fact]
    public async Task New_connection_costs_a_round_trip_and_hangs_while_the_way_is_cut()
    {
        _proxy.ToTarget.Delay = _proxy.FromTarget.Delay = Delay;
        var begun = Now;
        var (client, target) = await OpenAsync();
        using var both = new Ends(client, target);
        (Now - begun).ShouldBeGreaterThanOrEqualTo(Delay);
        client.Send([1]);
        await ReceiveAsync(target);
        (Now - begun).ShouldBeGreaterThanOrEqualTo(3 * Delay);

        _proxy.ToTarget.Cut();
        using var late = await ConnectAsync();
        var accepting = _server.AcceptSocketAsync();
        await Task.Delay(100);
        accepting.IsCompleted.ShouldBeFalse();
        _proxy.ToTarget.Heal();
        using var accepted = await accepting.WaitAsync(Patience);
    }

    [Fact]
    public async Task Cut_holds_one_direction_back_and_delivers_when_it_heals()
    {
        var (client, target) = await OpenAsync();
        using var both = new Ends(client, target);
        _proxy.ToTarget.Cut();
        client.Send([7]);
        target.Send([8]);
        (await ReceiveAsync(client)).ShouldBe((byte)8);
        var arriving = ReceiveAsync(target);
        await Task.Delay(100);
        arriving.IsCompleted.ShouldBeFalse();
        _proxy.ToTarget.Heal();
        (await arriving).ShouldBe((byte)7);
    }

    [Fact]
    public async Task End_and_reset_of_a_side_reach_the_other_after_what_was_sent_before()
    {
        _proxy.ToTarget.Delay = Delay;
        var (client, target) = await OpenAsync();
        using var both = new Ends(client, target);
        client.Send([9]);
        client.Shutdown(SocketShutdown.Send);
        (await ReceiveAsync(target)).ShouldBe((byte)9);
        (await ReceiveAsync(target)).ShouldBeNull();

        var (other, itsTarget) = await OpenAsync();
        using var itsEnds = new Ends(other, itsTarget);
        var begun = Now;
        other.Close(0);
        await Should.ThrowAsync<SocketException>(() => ReceiveAsync(itsTarget));
        (Now - begun).ShouldBeGreaterThanOrEqualTo(Delay);
    }

    [Fact]
    public async Task Datagrams_are_delayed_cut_and_lost_for_each_sender()
    {
        using var target = Datagrams();
        using var near = Datagrams();
        using var far = Datagrams("127.0.0.2");
        using var udp = new UdpProxy(Anywhere, (IPEndPoint)target.LocalEndPoint!);
        udp.From(((IPEndPoint)far.LocalEndPoint!).Address).Delay = Delay;
        var begun = Now;
        far.SendTo([2], udp.Address);
        near.SendTo([1], udp.Address);
        (await ReceiveAsync(target)).ShouldBe((byte)1);
        (await ReceiveAsync(target)).ShouldBe((byte)2);
        (Now - begun).ShouldBeGreaterThanOrEqualTo(Delay);

        udp.FromAnyone.Cut();
        near.SendTo([3], udp.Address);
        far.SendTo([4], udp.Address);
        (await ReceiveAsync(target)).ShouldBe((byte)4);
        udp.FromAnyone.Heal();
        udp.FromAnyone.Loss = 1;
        near.SendTo([5], udp.Address);
        far.SendTo([6], udp.Address);
        (await ReceiveAsync(target)).ShouldBe((byte)6);
    }

    /// <summary>How long each of many single bytes was under way, in milliseconds: all are sent 2 ms apart, without waiting for any.</summary>
    private static async Task<double[]> FlightsAsync(Socket from, Socket to)
    {
        const int Count = 51;
        var sent = new Instant[Count];
        var receiving = Task.Run(async () =>
        {
            var flights = new double[Count];
            for (var i = 0; i < Count; i++)
                flights[(await ReceiveAsync(to))!.Value] = (Now - sent[i]).TotalMilliseconds;
            return flights;
        });
        for (var i = 0; i < Count; i++)
        {
            sent[i] = Now;
            from.Send([(byte)i]);
            await Task.Delay(2);
        }

        return await receiving;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static async Task<byte?> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[1];
        using var patience = new CancellationTokenSource(Patience);
        return await socket.ReceiveAsync(buffer, patience.Token) == 1 ? buffer[0] : null;
    }

    private static Socket Datagrams(string address = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return socket;
    }

    private async Task<(Socket Client, Socket Target)> OpenAsync()
    {
        var client = await ConnectAsync();
        return (client, await _server.AcceptSocketAsync().WaitAsync(Patience));
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(_proxy.Address);
        return client;
    }

    /// <summary>Both ends of one connection.</summary>
    private sealed record Ends(Socket Client, Socket Target) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            Target.Dispose();
        }
    }
}
