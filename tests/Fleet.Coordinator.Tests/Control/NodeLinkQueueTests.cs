using System.Net;
using System.Net.WebSockets;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
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

/// <summary>
/// What waits for a node: which map it is, and how much. A part may take a minute to be sent, and nobody has to speak, so nothing but the number of
/// bytes ends these links.
/// </summary>
public sealed class NodeLinkQueueTests : IAsyncLifetime
{
    private readonly Mailbox _mailbox = Leading.Mailbox();
    private readonly CancellationTokenSource _over = new();
    private readonly NodeLinks _links;
    private WebApplication _app = null!;

    public NodeLinkQueueTests() =>
        _links = new NodeLinks(
            _mailbox,
            Limits.Default.Links with { WriteMax = TimeSpan.FromMinutes(1), IdleMax = TimeSpan.FromHours(1), QueueSizeMax = 4 * 1024 * 1024 },
            TimeProvider.System,
            NullLogger<NodeLinks>.Instance);

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null;
        });
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Map("/", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await _links.ServeAsync(socket, new LinkPeer("peer", Build.By, _ => context.Abort(), () => { }), _over.Token);
        });
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _over.CancelAsync();
        await _app.DisposeAsync();
        _links.Dispose();
        _over.Dispose();
    }

    [Fact]
    public async Task Node_for_which_too_many_bytes_wait_is_cut_off_though_there_is_time_to_send_them()
    {
        var (node, connection) = await JoinAsync("adc-1");
        for (var i = 0; i < 20; i++)
            _links.Send(connection, new LeaderMessage.Full(Map(20_000)));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        (await _mailbox.Reader.ReadAsync(patience.Token)).ShouldBeOfType<Mail.Input>().What.ShouldBe(new LeaderInput.Parted(connection));
        node.Dispose();
    }

    [Fact]
    public async Task Each_node_gets_the_map_that_it_is_sent_also_when_another_was_sent_before()
    {
        var (older, newer) = (Map(1), Map(2));
        foreach (var (name, map) in new[] { ("adc-1", older), ("adc-2", newer), ("adc-3", newer) })
        {
            var (node, connection) = await JoinAsync(name);
            _links.Send(connection, new LeaderMessage.Full(map));
            Wire.TryDecodeLeaderMessage((await new WebSocketMessages(node).ReadAsync(_over.Token))!.Value.Span, out var message).ShouldBeTrue();
            message.ShouldBeOfType<LeaderMessage.Full>().Map.Vips.Count.ShouldBe(map.Vips.Count);
            node.Dispose();
            (await _mailbox.Reader.ReadAsync(_over.Token)).ShouldBeOfType<Mail.Input>().What.ShouldBe(new LeaderInput.Parted(connection));
        }
    }

    private static FleetMap Map(int vips) => Build.Map(Build.Nodes(1), Enumerable.Range(1, vips).Select(i => Build.Serving(i, "adc-1")));

    private async Task<(ClientWebSocket Node, long Connection)> JoinAsync(string name)
    {
        var node = new ClientWebSocket();
        await node.ConnectAsync(new Uri(_app.Urls.First().Replace("http", "ws", StringComparison.Ordinal)), _over.Token);
        await node.SendAsync(
            Wire.Encode(new NodeMessage.Hello(Wire.Schema, Build.Facts(name), Build.First, MapVersion.None)),
            WebSocketMessageType.Text,
            true,
            _over.Token);
        return (node, (await _mailbox.Reader.ReadAsync(_over.Token)).ShouldBeOfType<Mail.Input>().What.ShouldBeOfType<LeaderInput.Said>().Connection);
    }
}
