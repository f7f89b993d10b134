using System.Net;
using System.Text.Json;
using Fleet.Shared.Api;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Fleet.Shared.Tests.Hocon;

namespace Fleet.Shared.Tests.Config;

public sealed class FleetConfigTests
{
    [Fact]
    public void Defaults_are_those_of_the_reference_file_and_of_the_model()
    {
        var config = Sound("");

        // The pool is a record's array, which has no equality of its own.
        config.Policy.VipPool.ShouldBe(["127.77.0.1-127.77.0.254"]);
        Text(config.Policy with { VipPool = FleetPolicy.Default.VipPool }).ShouldBe(Text(FleetPolicy.Default));
        config.Cluster.VipPool.ShouldHaveSingleItem().Addresses.Count().ShouldBe(254);
        config.Coordinator.ShouldBe(new CoordinatorSettings
        {
            Name = "coordinator-1",
            Listen = IPEndPoint.Parse("127.0.0.1:7400"),
            Data = "data/coordinator",
            Store = StoreKind.File,
            // Its endpoints are an array, which has no equality of its own.
            Etcd = config.Coordinator.Etcd,
            Postgres = new PostgresSettings(null, null),
            SnapshotEvery = 1000,
            Limits = LimitSettingsTests.Defaults,
            HighPriority = true,
            Projection = new ProjectionSettings
            {
                Connection = null,
                PasswordFile = null,
                TelemetryKeep = TimeSpan.FromDays(30),
                EventsKeep = TimeSpan.FromDays(365),
            },
        });
        config.Coordinator.Etcd.Endpoints.ShouldBe([IPEndPoint.Parse("127.0.0.1:2379")]);
        (config.Coordinator.Etcd with { Endpoints = [] }).ShouldBe(new EtcdSettings
        {
            Endpoints = [],
            Prefix = "/fleet",
            Lease = TimeSpan.FromSeconds(2),
            AttemptTimeout = TimeSpan.FromMilliseconds(250),
        });
        config.Node.HighPriority.ShouldBeTrue();
        config.Node.StartWait.ShouldBe(TimeSpan.FromSeconds(15));
        config.Node.Name.ShouldBe("");
        config.Node.CapacityBps.ShouldBe(88_000_000_000);
        config.Node.Coordinators.ShouldBe([new LinkAddress(LinkTransport.Ws, IPEndPoint.Parse("127.0.0.1:7400"))]);
        config.Node.DnsAdvertise.ShouldBeNull();
        config.Node.WitnessAdvertise.ShouldBeNull();
        config.Node.DnssecKeys.ShouldBeNull();
        config.Node.Relay.OrphanMax.ShouldBe(TimeSpan.FromSeconds(10));
        config.Node.Relay.Spare.ShouldBeTrue();
        config.Services.ShouldBeEmpty();
    }

    [Fact]
    public void Coordinator_is_linked_to_by_the_transport_that_its_address_names_or_else_by_ws() =>
        Sound("fleet.node.coordinators = [\"10.0.0.1:7400\", \"ws://10.0.0.2:7400\", \"ws://[2001:db8::1]:7400\"]").Node.Coordinators
            .Select(address => $"{address}")
            .ShouldBe(["ws://10.0.0.1:7400", "ws://10.0.0.2:7400", "ws://[2001:db8::1]:7400"]);

    [Fact]
    public void Service_takes_what_it_does_not_say_from_the_defaults()
    {
        var service = Sound(
            "fleet { handover.drain-timeout = 7s, services.web { vips = 3, listeners = [{ port = 80 }], backends = [{ name = a, address = "
            + "\"10.0.0.1:80\" }] } }")
            .Services.ShouldHaveSingleItem();

        service.Name.ShouldBe(new ServiceName("web"));
        service.Listeners.ShouldBe([new Listener(80, ListenerProtocol.Tcp)]);
        service.VipCount.ShouldBe(3);
        service.Vips.ShouldBeEmpty();
        service.Site.ShouldBeNull();
        service.Pool.Backends.ShouldBe([new Backend("a", IPEndPoint.Parse("10.0.0.1:80"))]);
        service.Pool.Check.ShouldBe(CheckSpec.Default);
        service.Pool.ProxyProtocol.ShouldBeFalse();
        Text(service.Gslb).ShouldBe(Text(GslbSpec.Default));
        service.DrainTimeoutMs.ShouldBe(7000);
    }

    [Fact]
    public void Vips_of_a_site_are_vips_of_the_service()
    {
        var service = Sound("""
            fleet.gslb.zones = [other.example]
            fleet.services.web {
              vips { dc1 = ["10.1.0.1-10.1.0.2"], dc2 = ["10.2.0.1"] }
              listeners = [{ port = 80 }], backends = [{ name = a, address = "10.0.0.1:80", site = dc2 }]
            }
            """).Services.ShouldHaveSingleItem();

        service.Vips.Select(v => v.ToString()).ShouldBe(["10.1.0.1", "10.1.0.2", "10.2.0.1"]);
        service.SiteVips.Keys.ShouldBe([new SiteName("dc1"), new SiteName("dc2")]);
        service.SiteVips[new SiteName("dc2")].ShouldBe([VipAddress.Parse("10.2.0.1")]);
        service.Pool.Backends.ShouldHaveSingleItem().Site.ShouldBe(new SiteName("dc2"));
    }

    [Fact]
    public void Topology_says_whose_clients_are_whose()
    {
        var zone = Sound(
            """fleet.gslb { zones = [other.example], """
            + """topology { dc1 = ["10.1.0.0/16", "2001:db8::/32"], dc2 = ["10.1.7.0/24"] }, hold-down = 5s }""").Policy.Zone;

        zone.AllNames().ShouldBe(["fleet.internal", "other.example"]);
        zone.HoldDownMs.ShouldBe(5000);
        zone.Topology[new SiteName("dc1")].Select(p => p.ToString()).ShouldBe(["10.1.0.0/16", "2001:db8::/32"]);
    }

    [Fact]
    public void Service_says_everything()
    {
        var service = Sound("""
            fleet.gslb.zones = [other.example]
            fleet.services.web {
              vips = ["10.1.0.1", "10.1.0.8/30", "10.1.0.20-10.1.0.22", "fd00::1-fd00::2"],
              site = dc1, demand = 1.5 Tbit/s, balance = source, all-down = serve-all, proxy-protocol = v2
              listeners = [{ port = 80, protocol = http }, { port = 443 }], drain-timeout = 1s
              backends { 0 { name = a, address = "[fd00::9]:80", weight = 0 }, 1 { name = b, address = "10.0.0.2:80" } }
              check { kind = http, path = "/x?y=1", expect = 204, interval = 2s, timeout = 1s, rise = 1, fall = 1 }
              gslb {
                name = www, ttl = 5s, answers-max = 2, zone = other.example, answer = backends, topology = off, sites = [dc2, dc1]
                weights = even, overflow = on, sticky = on, fallback = sorry.example.net
              }
            }
            """).Services.ShouldHaveSingleItem();

        service.Vips.Select(v => v.ToString())
            .ShouldBe(["10.1.0.1", "10.1.0.9", "10.1.0.10", "10.1.0.20", "10.1.0.21", "10.1.0.22", "fd00::1", "fd00::2"]);
        service.Site.ShouldBe(new SiteName("dc1"));
        service.DemandBps.ShouldBe(1_500_000_000_000);
        service.Pool.Balance.ShouldBe(BalancePolicy.Source);
        service.Pool.AllDown.ShouldBe(AllDown.ServeAll);
        service.Pool.ProxyProtocol.ShouldBeTrue();
        service.Pool.Backends.Select(b => (b.Name, b.Weight)).ShouldBe([("a", 0), ("b", 100)]);
        service.Pool.Check.ShouldBe(new CheckSpec(CheckKind.Http, "/x?y=1", 204, 2000, 1000, 1, 1));
        Text(service.Gslb).ShouldBe(Text(new GslbSpec("www", 5, 2)
        {
            Zone = "other.example",
            Answer = AnswerKind.Backends,
            Topology = false,
            Sites = [new SiteName("dc2"), new SiteName("dc1")],
            Weights = AnswerWeights.Even,
            Overflow = true,
            Sticky = true,
            Fallback = "sorry.example.net",
        }));
        service.DrainTimeoutMs.ShouldBe(1000);
    }

    [Fact]
    public void Later_overrides_win_over_earlier_ones_and_over_the_file()
    {
        var config = Load("fleet.node { name = a, domain = r1 }", "fleet.node.name=b", "fleet.node { name = c, site = s2 }").Value.ShouldNotBeNull();

        (config.Node.Name, config.Node.Domain.Value, config.Node.Site.Value).ShouldBe(("c", "r1", "s2"));
    }

    [Fact]
    public void Override_whose_quotes_the_shell_has_eaten_is_taken_as_text() =>
        Load("", "fleet.coordinator.listen=127.0.0.1:0").Value.ShouldNotBeNull().Coordinator.Listen.ShouldBe(IPEndPoint.Parse("127.0.0.1:0"));

    [Fact]
    public void Mistake_in_an_override_is_located_there() =>
        Load("", "fleet.lease.heartbeat=fast").Errors.ShouldHaveSingleItem().ToString()
            .ShouldBe("--set:1: fleet.lease.heartbeat: found \"fast\", allowed: a duration from 10ms to 10s");

    [Fact]
    public void Environment_answers_substitutions()
    {
        var files = new SourcesInMemory(("a.conf", "fleet.node.name = ${?FLEET_NODE}"));

        FleetConfig.Load("a.conf", files, name => name == "FLEET_NODE" ? "adc-9" : null).Value.ShouldNotBeNull().Node.Name.ShouldBe("adc-9");
        FleetConfig.Load("a.conf", files, SourcesInMemory.NoEnvironment).Value.ShouldNotBeNull().Node.Name.ShouldBe("");
    }

    [Fact]
    public void Own_values_may_stand_below_vars() => Sound("vars { x = adc-1 }\nfleet.node.name = ${vars.x}").Node.Name.ShouldBe("adc-1");

    public static TheoryData<string> Shipped() =>
        [.. Directory.GetFiles(Path.Combine(TestFiles.Repository(), "hocon"), "*.conf").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_file_that_is_shipped_is_sound(string path) =>
        FleetConfig.Load(path, new HoconFiles(), SourcesInMemory.NoEnvironment).Errors.ShouldBeEmpty();

    /// <summary>Its name in kebab-case is its word, and the comment above the key says which words there are.</summary>
    [Fact]
    public void Every_store_can_be_asked_for_and_is_in_the_reference_file()
    {
        var lines = File.ReadAllLines(Path.Combine(TestFiles.Repository(), "hocon/reference.conf"));
        var comment = lines[Array.FindIndex(lines, line => line.TrimStart().StartsWith("store = ", StringComparison.Ordinal)) - 1];
        foreach (var kind in Enum.GetValues<StoreKind>())
        {
            var word = JsonNamingPolicy.KebabCaseLower.ConvertName($"{kind}");
            Sound($"fleet.coordinator {{ store = {word}, postgres.connection = \"Host=h;Database=d\" }}").Coordinator.Store.ShouldBe(kind);
            comment.Split(' ', ',', '.').ShouldContain(word);
        }
    }

    [Fact]
    public void Demo_has_forty_vips_and_three_backends()
    {
        var demo = FleetConfig
            .Load(Path.Combine(TestFiles.Repository(), "hocon/demo.conf"), new HoconFiles(), SourcesInMemory.NoEnvironment).Value
            .ShouldNotBeNull();

        var web = demo.Services.ShouldHaveSingleItem();
        web.Vips.Length.ShouldBe(40);
        web.Pool.Backends.Length.ShouldBe(3);
        web.Pool.ProxyProtocol.ShouldBeTrue();
        demo.Gslb.Name.ShouldBe("demo.fleet");
        web.DrainTimeoutMs.ShouldBe(1000);
    }

    static FleetConfig Sound(string text)
    {
        var result = Load(text);
        result.Errors.ShouldBeEmpty();
        return result.Value.ShouldNotBeNull();
    }

    static ConfigResult<FleetConfig> Load(string text, params string[] overrides) =>
        FleetConfig.Load("a.conf", overrides, new SourcesInMemory(("a.conf", text)), SourcesInMemory.NoEnvironment);

    /// <summary>Records with arrays in them are not value-equal.</summary>
    private static string Text<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Default.Options);
}
