using System.Net;
using System.Net.WebSockets;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>The links' bounds, over real WebSockets; what reaches the leader is read off the mailbox.</summary>
public sealed class NodeLinksTests : IAsyncLifetime
{
    private static readonly LinkLimits Tight = Limits.Default.Links with
    {
        CountMax = 3,
        HelloWithin = TimeSpan.FromMilliseconds(300),
        HelloSizeMax = 2048,
        MessageSizeMax = 100_000,
        ReceivingMax = 150_000,
        IdleMax = TimeSpan.FromSeconds(1),
        WriteMax = TimeSpan.FromMilliseconds(500),
        QueueSizeMax = 4 * 1024 * 1024,
    };

    private readonly Mailbox _mailbox = Leading.Mailbox();
    private readonly FakeTime _time = new();
    private readonly NodeLinks _links;
    private readonly List<ClientWebSocket> _clients = [];
    private readonly CancellationTokenSource _over = new();
    private WebApplication _app = null!;

    private Action<HttpContext> _abort = context => context.Abort();

    public NodeLinksTests() => _links = new NodeLinks(_mailbox, Tight, _time, NullLogger<NodeLinks>.Instance);

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null; // A node that does not read is the links' affair here.
        });
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Map("/", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await _links.ServeAsync(socket, new LinkPeer("peer", Build.By, _ => _abort(context), () => { }), _over.Token);
        });
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _over.CancelAsync();
        foreach (var client in _clients)
            client.Dispose();
        await _app.DisposeAsync();
        _links.Dispose();
        _over.Dispose();
    }

    [Fact]
    public async Task Silent_stranger_is_cut_off_and_the_leader_never_hears_of_it()
    {
        var silent = await ConnectAsync();
        var ending = EndsAsync(silent);
        await _time.AdvanceUntilAsync(() => ending.IsCompleted, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(60));
        (await ending).ShouldBeTrue();
        _mailbox.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Hello_that_comes_a_part_at_a_time_must_be_whole_in_time()
    {
        var slow = await ConnectAsync();
        var ending = EndsAsync(slow);
        await Should.ThrowAsync<Exception>(async () =>
        {
            foreach (var part in Hello("adc-1").Chunk(10))
            {
                await slow.SendAsync(part, WebSocketMessageType.Text, false, _over.Token);
                _time.Advance(TimeSpan.FromMilliseconds(50));
                await Task.Delay(20);
            }
        });
        (await ending).ShouldBeTrue();
        _mailbox.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Hello_that_is_too_large_or_anything_else_first_ends_the_conversation()
    {
        var large = await ConnectAsync();
        await SayAsync(large, [.. Hello("adc-1"), .. Enumerable.Repeat((byte)' ', 2048)]);
        (await EndsAsync(large)).ShouldBeTrue();
        var early = await ConnectAsync();
        await SayAsync(early, Beat(1));
        (await EndsAsync(early)).ShouldBeTrue();
        _mailbox.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Message_after_hello_may_be_large_but_not_larger_than_its_bound()
    {
        var (node, _) = await JoinAsync("adc-1");
        await SayAsync(node, Beat(1, 2000));
        (await NextAsync<LeaderInput.Said>()).Message.ShouldBeOfType<NodeMessage.Heartbeat>().Missing.Length.ShouldBe(2000);
        await SayAsync(node, Beat(2, 20_000));
        (await EndsAsync(node)).ShouldBeTrue();
        await NextAsync<LeaderInput.Parted>();
    }

    [Fact]
    public async Task Messages_that_are_never_whole_give_way_to_one_that_is()
    {
        var (slow, _) = await JoinAsync("adc-1");
        await slow.SendAsync(new byte[90_000], WebSocketMessageType.Text, false, _over.Token);
        await Task.Delay(200);
        var (node, _) = await JoinAsync("adc-2");
        await SayAsync(node, Beat(1, 5000));
        (await EndsAsync(slow)).ShouldBeTrue();
        LeaderInput[] heard = [await NextAsync<LeaderInput>(), await NextAsync<LeaderInput>()];
        heard.OfType<LeaderInput.Parted>().ShouldHaveSingleItem();
        heard.OfType<LeaderInput.Said>().ShouldHaveSingleItem().Message.ShouldBeOfType<NodeMessage.Heartbeat>().Missing.Length.ShouldBe(5000);
    }

    [Fact]
    public async Task Link_without_a_message_for_ten_sweeps_is_closed_and_one_that_speaks_is_not()
    {
        var (silent, _) = await JoinAsync("adc-1");
        var (node, _) = await JoinAsync("adc-2");
        for (var i = 1; i <= 8; i++)
            _time.Advance(Tight.IdleMax / 10);
        await SayAsync(node, Beat(1));
        await NextAsync<LeaderInput.Said>();
        for (var i = 1; i <= 3; i++)
            _time.Advance(Tight.IdleMax / 10);
        (await EndsAsync(silent)).ShouldBeTrue();
        await NextAsync<LeaderInput.Parted>();
        node.State.ShouldBe(WebSocketState.Open);
    }

    [Fact]
    public async Task Link_beyond_the_number_allowed_is_told_why_and_when_to_come_again()
    {
        for (var i = 1; i <= Tight.CountMax; i++)
            await JoinAsync($"adc-{i}");
        var fourth = await ConnectAsync();
        await SayAsync(fourth, Hello("adc-4"));
        Wire.TryDecodeLeaderMessage((await new WebSocketMessages(fourth).ReadAsync(_over.Token))!.Value.Span, out var message).ShouldBeTrue();
        var refusal = message.ShouldBeOfType<LeaderMessage.Refusal>();
        refusal.Reason.ShouldContain("3 links");
        refusal.RetryAfterMs.ShouldNotBeNull();
        (await EndsAsync(fourth)).ShouldBeTrue();
        _mailbox.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Node_that_does_not_read_is_closed_when_a_part_takes_too_long()
    {
        var (_, connection) = await JoinAsync("adc-1");
        _links.Send(connection, Large(60_000));
        // Less than ten sweeps: it is not for its silence that it is cut off.
        for (var i = 0; i < 20 && _mailbox.Reader.Count == 0; i++)
        {
            _time.Advance(Tight.WriteMax * 0.09);
            await Task.Delay(50);
        }

        await NextAsync<LeaderInput.Parted>();
    }

    [Fact]
    public async Task Node_for_which_too_many_bytes_wait_is_cut_off_at_once()
    {
        var (_, connection) = await JoinAsync("adc-1");
        for (var i = 0; i < 10; i++)
            _links.Send(connection, Large(20_000));
        await NextAsync<LeaderInput.Parted>();
    }

    /// <summary>It is the leader's loop that sends: a request that is gone by then must not end it.</summary>
    [Fact]
    public async Task Link_that_ends_by_itself_at_that_moment_is_cut_off_without_an_exception()
    {
        _abort = _ => throw new ObjectDisposedException("the request");
        var (_, connection) = await JoinAsync("adc-1");
        for (var i = 0; i < 10; i++)
            _links.Send(connection, Large(20_000));
        await NextAsync<LeaderInput.Parted>();
    }

    [Fact]
    public async Task Map_larger_than_the_queue_reaches_a_node_that_reads()
    {
        var (node, connection) = await JoinAsync("adc-1");
        _links.Send(connection, Large(60_000));
        var text = await new WebSocketMessages(node).ReadAsync(_over.Token);
        text!.Value.Length.ShouldBeGreaterThan((int)Tight.QueueSizeMax);
    }

    [Fact]
    public async Task Node_that_says_more_than_the_leader_hears_waits_for_it()
    {
        var (node, _) = await JoinAsync("adc-1");
        for (var i = 0; i < 2000; i++)
            await SayAsync(node, Beat(i));
        await Task.Delay(500);
        _mailbox.Reader.Count.ShouldBeInRange(200, 300);
        // Silence while it waits is not its own.
        for (var i = 1; i <= 20; i++)
            _time.Advance(Tight.IdleMax / 10);
        node.State.ShouldBe(WebSocketState.Open);
        var heard = 0;
        while (heard < 2000)
        {
            var mail = await _mailbox.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);
            if (mail is Mail.Look look)
                look.Read(new Leader(1, FleetState.Empty, Instant.Never));
            else
                heard++;
        }
    }

    private async Task<ClientWebSocket> ConnectAsync()
    {
        var client = new ClientWebSocket();
        _clients.Add(client);
        await client.ConnectAsync(new Uri(_app.Urls.First().Replace("http", "ws")), _over.Token);
        return client;
    }

    private async Task<(ClientWebSocket Node, long Connection)> JoinAsync(string name)
    {
        var node = await ConnectAsync();
        await SayAsync(node, Hello(name));
        var said = await NextAsync<LeaderInput.Said>();
        said.By.ShouldBe(Build.By.Named(name), "by its hello, from where the link was opened");
        return (node, said.Connection);
    }

    private async Task<T> NextAsync<T>()
        where T : LeaderInput
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return (await _mailbox.Reader.ReadAsync(patience.Token)).ShouldBeOfType<Mail.Input>().What.ShouldBeAssignableTo<T>()!;
    }

    private Task SayAsync(ClientWebSocket client, byte[] message) => client.SendAsync(message, WebSocketMessageType.Text, true, _over.Token);

    private static byte[] Hello(string name) => Wire.Encode(new NodeMessage.Hello(Wire.Schema, Build.Facts(name), Build.First, MapVersion.None));

    private static byte[] Beat(long seq, int missing = 0) => Wire.Encode(new NodeMessage.Heartbeat(
        seq,
        MapVersion.None,
        Build.Vips(missing),
        System.Collections.Immutable.ImmutableSortedDictionary<VipAddress, int>.Empty,
        System.Collections.Immutable.ImmutableSortedDictionary<BackendKey, Verdict>.Empty));

    /// <summary>About 120 bytes for each VIP.</summary>
    private static LeaderMessage.Full Large(int vips) =>
        new(Build.Map(Build.Nodes(1), [.. Enumerable.Range(1, vips).Select(i => Build.Serving(i, "adc-1"))]));

    /// <summary>Whether the other side ends it within five seconds.</summary>
    private static async Task<bool> EndsAsync(ClientWebSocket client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            while (true)
            {
                if ((await client.ReceiveAsync(new byte[65536], patience.Token)).MessageType == WebSocketMessageType.Close)
                    return true;
            }
        }
        catch (WebSocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
