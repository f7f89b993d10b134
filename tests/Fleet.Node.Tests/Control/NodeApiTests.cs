using System.Net;
using System.Net.Http.Json;
using Fleet.Http;
using Fleet.Node.Control;
using Fleet.Node.Tests.Gslb;
using Fleet.Shared.Api;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Node.Tests.Control;

/// <summary>The node's own API, over a real socket.</summary>
public class NodeApiTests
{
    [Fact]
    public async Task Dns_counters_are_told_as_json_and_to_prometheus()
    {
        await using var dns = Servers.Started();
        await using var api = NodeApi.Build(
            NodeApi.Bind(new IPEndPoint(IPAddress.Loopback, 0)),
            logging => logging.ClearProviders(),
            () => new NodeStatus("adc-1", 1, 2, 3, true, 300, new MapVersion(3, 42), 5),
            () => FleetMap.Empty,
            dns.Census);
        await api.StartAsync();
        for (ushort id = 0; id < 7; id++)
            Asker.Ask(dns.Endpoint, "dual.fleet.test", DnsType.A, id).Answers.Length.ShouldBe(1);
        Asker.Ask(dns.Endpoint, "absent.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.NxDomain);

        using var client = new HttpClient { BaseAddress = new Uri(api.Urls.First()) };
        var view = (await client.GetFromJsonAsync("/v1/dns", ApiJson.Default.DnsView))!;
        (view.Queries, view.Answers).ShouldBe((8, 8));
        (view.Counters["answered"], view.Counters["name-error"], view.Counters["limited"]).ShouldBe((7, 1, 0));
        view.Names.Select(name => name.Name)
            .ShouldBe(["adc-1.fleet.test", "adc-2.fleet.test", "deep.er.fleet.test", "dual.fleet.test", "many.fleet.test", "s3.fleet.test"]);
        var dual = view.Names.Single(name => name.Name == "dual.fleet.test");
        dual.Queries.ShouldBe(7);
        dual.Addresses.ShouldBe([new("2001:db8::6", 0), new("203.0.113.6", 7)]);

        using var metrics = await client.GetAsync("/metrics");
        metrics.Content.Headers.ContentType!.ToString().ShouldBe(NodeMetrics.ContentType);
        var lines = (await metrics.Content.ReadAsStringAsync()).Split('\n');
        lines.ShouldContain("fleet_node_revision 42");
        lines.ShouldContain("fleet_dns_queries_total 8");
        lines.ShouldContain("fleet_dns_events_total{kind=\"answered\"} 7");
        lines.ShouldContain("fleet_dns_name_queries_total{name=\"dual.fleet.test\"} 7");
        lines.ShouldContain("fleet_dns_address_answers_total{name=\"dual.fleet.test\",address=\"203.0.113.6\"} 7");
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
            long.TryParse(line.AsSpan(line.LastIndexOf(' ') + 1), out _).ShouldBeTrue(line);
    }

    [Fact]
    public async Task Strangers_that_say_nothing_whole_keep_nobody_out_and_those_that_ask_too_often_are_told_so()
    {
        await using var api = NodeApi.Build(
            NodeApi.Bind(new IPEndPoint(IPAddress.Loopback, 0)),
            logging => logging.ClearProviders(),
            () => new NodeStatus("adc-1", 1, 2, null, true, 300, new MapVersion(3, 42), 5),
            () => FleetMap.Empty,
            () => new DnsView(0, 0, System.Collections.Immutable.ImmutableSortedDictionary<string, long>.Empty, []));
        await api.StartAsync();
        var strangers = new List<System.Net.Sockets.Socket>();
        for (var i = 0; i < 2 * NodeApi.Limits.ConnectionsMax; i++)
        {
            var stranger = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            strangers.Add(stranger);
            await stranger.ConnectAsync(IPAddress.Loopback, new Uri(api.Urls.First()).Port);
            await stranger.SendAsync("GET /v1/status HTTP/1.1\r\n"u8.ToArray());
        }

        using var client = new HttpClient { BaseAddress = new Uri(api.Urls.First()) };
        (await client.GetAsync("/v1/status")).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Services.GetRequiredService<ConnectionGate>().Count.ShouldBeLessThanOrEqualTo(NodeApi.Limits.ConnectionsPerAddressMax);
        HttpStatusCode status;
        var asked = 0;
        do
            status = (await client.GetAsync("/v1/status")).StatusCode;
        while (status == HttpStatusCode.OK && ++asked < 100_000);
        status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await client.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public void A_name_with_odd_octets_is_quoted()
    {
        var view = new DnsView(
            1,
            1,
            System.Collections.Immutable.ImmutableSortedDictionary<string, long>.Empty,
            [new DnsNameView("a\\.\"b.fleet.test", 1, System.Collections.Immutable.ImmutableSortedDictionary<string, long>.Empty)]);
        NodeMetrics.Render(new NodeStatus("a", 1, null, null, false, 0, MapVersion.None, 0), view)
            .ShouldContain("{name=\"a\\\\.\\\"b.fleet.test\"} 1\n");
    }
}
