using Fleet.Shared.Config;
using Fleet.Shared.Gate;
using Fleet.Shared.Protocol;
using Fleet.Shared.Tests.Hocon;

namespace Fleet.Shared.Tests.Config;

public sealed class ConfigMistakeTests
{
    [Fact]
    public void Ten_mistakes_bring_ten_located_messages_at_once() =>
        Messages("""
            fleet {
              cluster.name = "two words"
              lease { heartbeat = fast, hartbeat = 100ms }
              protection.nodes = 9
              placement { share-max = 120% }
              coordinator.listen = 127.0.0.1:7400
              node {
                capacity = 88 Gigabit
                coordinators = "127.0.0.1:7400"
              }
              gslb.ttl = 5
              services.web { vips = ["10.0.0.9-10.0.0.1"], listeners = [{port=80}], backends = [{name=a, address="10.0.0.1:80"}], balance=${nope} }
            }
            """).ShouldBe([
                "a.conf:2: fleet.cluster.name: found \"two words\", allowed: a name of up to 63 letters, digits, '-', '_' or '.', with a letter or "
                + "digit first",
                "a.conf:3: fleet.lease.hartbeat: found an unknown key (did you mean heartbeat?), allowed: heartbeat, duration, margin",
                "a.conf:3: fleet.lease.heartbeat: found \"fast\", allowed: a duration from 10ms to 10s",
                "a.conf:4: fleet.protection.nodes: found 9, allowed: a whole number from 0 to 4",
                "a.conf:5: fleet.placement.share-max: found \"120%\", allowed: a percentage from 0.1% to 100%, or the fraction it stands for",
                "a.conf:6: fleet.coordinator.listen: found ':' inside a value, allowed: text that contains it only between double quotes",
                "a.conf:8: fleet.node.capacity: found \"88 Gigabit\", allowed: a rate from 1kbps to 1Pbps, such as 800Mbps or 1.5 Tbit/s",
                "a.conf:9: fleet.node.coordinators: found \"127.0.0.1:7400\", allowed: a list, each an address and a port from 1 to 65535, "
                + "such as \"127.0.0.1:7400\" or \"ws://127.0.0.1:7400\"; the transports are: ws",
                "a.conf:11: fleet.gslb.ttl: found 5, allowed: a duration from 0s to 1d, in whole seconds",
                "a.conf:12: fleet.services.web.balance: found ${nope}, which leads to no value, allowed: a path that is set, and not only by way of "
                + "itself, or the name of an environment variable; ${?...} where it may be absent",
                "a.conf:12: fleet.services.web.vips[0]: found \"10.0.0.9-10.0.0.1\", allowed: an address, a range such as \"10.0.0.1-10.0.0.20\" or "
                + "a network such as \"10.0.0.0/24\", in quotes",
            ]);

    [Theory]
    [InlineData(
        "fleet.lease { duration = 250ms }",
        "fleet.lease.duration: found 250ms with a heartbeat of 100ms, allowed: at least 3 heartbeats, 300ms")]
    [InlineData("fleet.lease { margin = 400ms }", "fleet.lease.margin: found 400ms with a duration of 400ms, allowed: less than the duration")]
    [InlineData(
        "fleet.lease.heartbeat = 200ms",
        "fleet.lease.duration: found 400ms with a heartbeat of 200ms, allowed: at least 3 heartbeats, 600ms")]
    [InlineData("fleet.node = adc-1", "fleet.node: found \"adc-1\", allowed: an object { ... }")]
    [InlineData("fleet = 1", "fleet: found 1, allowed: an object { ... }")]
    [InlineData("fleet.lease = null", "fleet.lease: found nothing, allowed: an object { ... }")]
    [InlineData("fleet.coordinator.store = disk", "fleet.coordinator.store: found \"disk\", allowed: file or etcd or postgres")]
    [InlineData(
        "fleet.node.coordinators = [\"wss://10.0.0.1:7400\"]",
        "fleet.node.coordinators[0]: found \"wss://10.0.0.1:7400\", allowed: an address and a port from 1 to 65535, such as \"127.0.0.1:7400\" or "
        + "\"ws://127.0.0.1:7400\"; the transports are: ws")]
    [InlineData(
        "fleet.node.coordinators = []",
        "fleet.node.coordinators: found none, allowed: at least one, each an address and a port from 1 to 65535, such as \"127.0.0.1:7400\" or "
        + "\"ws://127.0.0.1:7400\"; the transports are: ws")]
    [InlineData("fleet.coordinator.data = null", "fleet.coordinator.data: found nothing, allowed: the name of a folder")]
    [InlineData("fleeet { node.name = a }", "fleeet: found an unknown key (did you mean fleet?), allowed: fleet, vars")]
    [InlineData(
        "fleet.zzzzz = 1",
        "fleet.zzzzz: found an unknown key, allowed: cluster, lease, protection, handover, placement, vip-pool, coordinator, node, gslb, services, "
        + "defaults")]
    [InlineData(
        "fleet.node.relay.orphanmax = 1s",
        "fleet.node.relay.orphanmax: found an unknown key (did you mean orphan-max?), allowed: orphan-max, spare, connect-timeout")]
    [InlineData(
        "fleet.node.api-listen = \"localhost:1\"",
        "fleet.node.api-listen: found \"localhost:1\", allowed: an address and a port in quotes, such as \"127.0.0.1:7400\" or \"[::1]:7400\"")]
    [InlineData(
        "fleet.vip-pool = [\"10.0.0.0/33\"]",
        "fleet.vip-pool[0]: found \"10.0.0.0/33\", allowed: an address, a range such as \"10.0.0.1-10.0.0.20\" or a network such as "
        + "\"10.0.0.0/24\", in quotes")]
    [InlineData("fleet.vip-pool = [\"0.0.0.0/0\"]", "fleet.vip-pool: found 0.0.0.1-255.255.255.254, allowed: " + Texts.Host)]
    [InlineData(
        "fleet.gslb.topology { dc1 = [\"10.1.0.0/8\"] }",
        "fleet.gslb.topology.dc1[0]: found \"10.1.0.0/8\", allowed: a network such as \"10.1.0.0/16\" or \"2001:db8::/32\", in quotes, with no bits "
        + "set behind the prefix")]
    [InlineData(
        "fleet.gslb.topology { dc1 = [\"10.0.0.0/8\"], dc2 = [\"10.0.0.0/8\"] }",
        "fleet.gslb.topology: found 10.0.0.0/8 in dc1 and in dc2, allowed: each prefix once")]
    [InlineData(
        "fleet.gslb.topology { \"dc 1\" = [] }",
        "fleet.gslb.topology.\"dc 1\": found the name \"dc 1\", allowed: a name of up to 63 letters, digits, '-', '_' or '.', with a letter or "
        + "digit first")]
    [InlineData(
        "fleet.gslb.records = [www]",
        "fleet.gslb.records[0]: found \"www\", allowed: a record as in a zone file: name, TTL, type, data, such as \"www 5m CNAME web\"")]
    [InlineData(
        "fleet.gslb.records = [\"www 5m CNAME a\", \"www 5m A 192.0.2.1\"]",
        "fleet.gslb.records: found www.fleet.internal with a CNAME and other records, allowed: a CNAME alone at its name (RFC 1034 3.6.2)")]
    [InlineData("fleet.gslb.records = [\"www 5 MX a b\"]", "fleet.gslb.records: found \"www 5 MX a b\", allowed: MX, a preference and a name")]
    public void Mistake_in_a_setting(string text, string message) => Messages(text).ShouldBe(["a.conf:1: " + message]);

    [Theory]
    [InlineData("tomorrow://10.0.0.1:7400")]
    [InlineData("http://10.0.0.1:7400")]
    [InlineData("0://10.0.0.1:7400")]
    [InlineData("://10.0.0.1:7400")]
    [InlineData("ws:10.0.0.1:7400")]
    [InlineData("ws://10.0.0.1")]
    [InlineData("ws://10.0.0.1:0")]
    [InlineData("ws://10.0.0.1:7400/")]
    [InlineData("ws://ws://10.0.0.1:7400")]
    public void Mistake_in_the_address_of_a_coordinator_is_located_and_says_what_is_allowed(string address) =>
        Messages($"# one\nfleet.node.coordinators = [\"10.0.0.1:7400\",\n  \"{address}\"]").ShouldBe([
            $"a.conf:3: fleet.node.coordinators[1]: found \"{address}\", allowed: {LinkAddress.Allowed}"]);

    [Theory]
    [InlineData(
        "vips = null",
        "vips: found nothing, allowed: how many to take from fleet.vip-pool (1 to 10000), a list of addresses and ranges, or such a list for each "
        + "site")]
    [InlineData(
        "vips = 0",
        "vips: found 0, allowed: how many to take from fleet.vip-pool (1 to 10000), a list of addresses and ranges, or such a list for each site")]
    [InlineData("vips = []", "vips: found no address, allowed: 1 to 10000 addresses")]
    [InlineData("vips = [\"10.0.0.0/8\"]", "vips: found very many addresses, allowed: 1 to 10000 addresses")]
    [InlineData("vips = [\"10.0.0.1\", \"10.0.0.0/29\"]", "vips: found 10.0.0.1 twice, allowed: each address once")]
    [InlineData(
        "site = dc1, vips = null, vips { dc1 = [\"10.0.1.1\"], dc2 = [\"10.0.1.2\"] }",
        "site: found dc1, and VIPs of dc2, allowed: the only site that is given VIPs, or none")]
    [InlineData("vips = [\"0.0.0.0\"]", "vips: found 0.0.0.0, allowed: " + Texts.Host)]
    [InlineData("vips = [\"239.1.1.1\"]", "vips: found 239.1.1.1, allowed: " + Texts.Host)]
    [InlineData("vips = [\"223.255.255.255-224.0.0.1\"]", "vips: found 223.255.255.255-224.0.0.1, allowed: " + Texts.Host)]
    [InlineData("vips = [\"255.255.255.255\"]", "vips: found 255.255.255.255, allowed: " + Texts.Host)]
    [InlineData("vips = [\"::\"]", "vips: found ::, allowed: " + Texts.Host)]
    [InlineData("vips = [\"ff02::1\"]", "vips: found ff02::1, allowed: " + Texts.Host)]
    [InlineData("vips = [\"::ffff:10.0.0.1\"]", "vips: found ::ffff:10.0.0.1, allowed: " + Texts.Host)]
    [InlineData("backends = [{name=a,address=\"0.0.0.0:80\"}]", "backends[0].address: found \"0.0.0.0:80\", allowed: " + Texts.HostAndPort)]
    [InlineData("listeners = []", "listeners: found no listener, allowed: at least one, such as { port = 80, protocol = http }")]
    [InlineData("listeners = [{port = 1}, {port = 1}]", "listeners: found port 1 twice, allowed: each port once")]
    [InlineData("listeners = [{protocol = http}]", "listeners[0].port: found nothing, allowed: a whole number from 1 to 65535")]
    [InlineData("listeners = [{port = 1, proto = http}]", "listeners[0].proto: found an unknown key (did you mean port?), allowed: port, protocol")]
    [InlineData("listeners = [80]", "listeners[0]: found 80, allowed: an object { ... }")]
    [InlineData("backends = []", "backends: found no backend, allowed: at least one, such as { name = b1, address = \"10.0.0.1:80\" }")]
    [InlineData(
        "backends = [{name=a,address=\"10.9.0.1:1\"},{name=a,address=\"10.9.0.2:1\"}]",
        "backends: found the name a twice, allowed: each name once")]
    [InlineData(
        "backends = [{name=a,address=\"10.9.0.1:1\"},{name=b,address=\"10.9.0.1:1\"}]",
        "backends: found the address 10.9.0.1:1 twice, allowed: each address once")]
    [InlineData(
        "backends = [{name=a,address=\"10.0.1.1:80\"}]",
        "backends: found 10.0.1.1:80, a VIP of the service itself, allowed: addresses of real servers")]
    [InlineData("check.timeout = 3s", "check.timeout: found 3000ms with an interval of 1000ms, allowed: at most the interval")]
    [InlineData("gslb.name = a_b", "gslb.name: found \"a_b\", allowed: a DNS label: up to 63 letters, digits or '-', none of them '-' at an end")]
    public void Mistake_in_a_service(string text, string message) =>
        Messages(Service("web", "10.0.1.1", text)).ShouldBe(["a.conf:1: fleet.services.web." + message]);

    [Fact]
    public void What_must_be_set_is_missed_where_the_service_stands() =>
        Messages("# one\nfleet.services {\n  web { balance = source }\n}").ShouldBe([
            "a.conf:3: fleet.services.web.backends: found no backend, allowed: at least one, such as { name = b1, address = \"10.0.0.1:80\" }",
            "a.conf:3: fleet.services.web.listeners: found no listener, allowed: at least one, such as { port = 80, protocol = http }",
            "a.conf:3: fleet.services.web.vips: found nothing, allowed: how many to take from fleet.vip-pool (1 to 10000), a list of addresses and "
            + "ranges, or such a list for each site"]);

    [Fact]
    public void Services_may_not_share_addresses() =>
        Messages(Service("web", "10.0.1.1", "") + Service("api", "10.0.1.1", "")).ShouldBe(
            ["a.conf:2: fleet.services.api.vips: found 10.0.1.1, a VIP of service web, allowed: addresses that no other service has"]);

    [Fact]
    public void Services_may_not_share_dns_names() =>
        Messages(Service("web", "10.0.1.1", "") + Service("api", "10.0.1.2", "gslb.name = WEB")).ShouldBe(
            ["a.conf:2: fleet.services.api.gslb: found the DNS name WEB of service web, allowed: a name that no other service has"]);

    [Fact]
    public void Pool_must_have_as_many_addresses_as_services_ask_for() =>
        Messages("fleet.vip-pool = [\"10.5.0.0/30\"]\n" + Service("web", "10.0.1.1", "vips = 3")).ShouldBe(
            ["a.conf:1: fleet.vip-pool: found 2 addresses, allowed: at least the 3 that services ask for"]);

    [Fact]
    public void Service_name_is_a_dns_label() =>
        Messages(Service("\"my web\"", "10.0.1.1", "")).ShouldBe(
            [
                "a.conf:1: fleet.services.\"my web\": found the service name \"my web\", allowed: a DNS label: up to 63 letters, digits or '-', "
                + "none of them '-' at an end",
            ]);

    [Fact]
    public void Mistakes_in_several_files_come_in_the_order_of_files_and_lines()
    {
        var files = new SourcesInMemory(
            ("z.conf", "fleet.node.site = \"\"\ninclude \"a.conf\"\nfleet.node.domain = \"\""), ("a.conf", "\nfleet.cluster.name = \"\""));

        FleetConfig
            .Load("z.conf", files, SourcesInMemory.NoEnvironment).Errors
            .Select(e => (e.File, e.Line))
            .ShouldBe([("a.conf", 2), ("z.conf", 1), ("z.conf", 3)]);
    }

    static string Service(string name, string vip, string more) =>
        $"fleet.services.{name} "
        + $"{{ vips = [\"{vip}\"], listeners = [{{port = 80}}], backends = [{{name = a, address = \"10.9.0.1:80\"}}], {more} }}\n";

    static IEnumerable<string> Messages(string text) =>
        FleetConfig.Load("a.conf", new SourcesInMemory(("a.conf", text)), SourcesInMemory.NoEnvironment).Errors.Select(e => e.ToString());
}
