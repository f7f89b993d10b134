using System.Net;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Haproxy.Plans;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>What a change of plan costs: nothing, commands, or a reload.</summary>
public sealed class LayoutMakerTests
{
    private readonly NodePlan _plan = Plan(1, Web, Db);

    [Fact]
    public void What_is_loaded_already_costs_nothing()
    {
        var loaded = Layout(null, _plan);
        Change(loaded, Layout(loaded, _plan)).ShouldBeOfType<PlaneChange.Nothing>();
    }

    [Fact]
    public void What_nobody_knows_is_loaded_anew() =>
        PlaneChange.Between(null, Layout(null, _plan)).ShouldBeOfType<PlaneChange.ByReload>();

    [Fact]
    public void New_vip_is_one_entry_of_a_map() =>
        Commands(_plan, Plan(2, Web with { Vips = [.. Web.Vips, Vip("10.1.0.9")] }, Db)).ShouldBe(["add map http-80.map 10.1.0.9 http-1"]);

    [Fact]
    public void Vip_that_goes_and_one_that_changes_its_service_are_two() =>
        Commands(_plan, Plan(2, Web with { Vips = [Vip("10.1.0.1")] }, Db with { Vips = [.. Db.Vips, Vip("10.1.0.2")] })).ShouldBe(
            ["del map http-80.map 10.1.0.2", "add map tcp-5432.map 10.1.0.2 tcp-1"]);

    [Fact]
    public void New_backend_is_a_new_server_that_is_there_before_another_goes() =>
        Commands(_plan, Plan(2, Web with { Backends = [Server("b2", 2), Server("b3", 3)] }, Db)).ShouldBe(
            [
                $"add server http-1/s3 10.2.0.3:8080 id {Id(3)} weight 100",
                "set server http-1/s3 state ready",
                "set server http-1/s1 state maint",
            ]);

    [Fact]
    public void Backend_that_was_there_before_gets_its_server_back()
    {
        var first = Layout(null, _plan);
        var without = Layout(first, Plan(2, Web with { Backends = [Server("b2", 2)] }, Db));
        var again = Layout(without, Plan(3, Web, Db));
        Change(without, again).ShouldBeOfType<PlaneChange.AtRuntime>().Commands.ShouldBe(
            ["set server http-1/s1 weight 100", "set server http-1/s1 state ready"]);
    }

    [Fact]
    public void Server_of_a_backend_that_has_gone_never_becomes_anothers()
    {
        var first = Layout(null, _plan);
        var without = Layout(first, Plan(2, Web with { Backends = [Server("b2", 2)] }, Db));
        var other = Layout(without, Plan(3, Web with { Backends = [Server("b2", 2), Server("b3", 3)] }, Db));
        other.Sections[0].Slots.Select(slot => slot.Server.Name).ShouldBe(["b1", "b2", "b3"]);
        other.Sections[0].Slots[0].IsRetired.ShouldBeTrue();
    }

    [Fact]
    public void Too_many_servers_of_backends_that_have_gone_are_forgotten_by_a_reload()
    {
        var few = Options with { RetiredSlotsMax = 1 };
        var first = LayoutMaker.Next(null, _plan, States(_plan), few);
        var plan = Plan(2, Web with { Backends = [Server("b3", 3)] }, Db);
        var next = LayoutMaker.Next(first, plan, States(plan), few);
        next.Sections[0].Slots.Select(slot => slot.Server.Name).ShouldBe(["b3"]);
        Change(first, next).ShouldBeOfType<PlaneChange.ByReload>();
    }

    [Fact]
    public void States_are_weights_and_who_comes_comes_before_who_goes()
    {
        var loaded = Layout(null, _plan);
        var swapped = LayoutMaker.WithStates(loaded, States(_plan, ("web/b2", 7)));
        Change(loaded, swapped).ShouldBeOfType<PlaneChange.AtRuntime>().Commands.ShouldBe(
            ["set server http-1/s2 weight 7", "set server http-1/s1 state maint", "set server tcp-1/s1 state maint"]);
        var back = LayoutMaker.WithStates(swapped, States(_plan, ("web/b1", 5), ("web/b2", 7), ("db/b1", 100)));
        Change(swapped, back).ShouldBeOfType<PlaneChange.AtRuntime>().Commands.ShouldBe(
            [
                "set server http-1/s1 weight 5", "set server http-1/s1 state ready", "set server tcp-1/s1 weight 100",
                "set server tcp-1/s1 state ready",
            ]);
    }

    [Fact]
    public void New_service_on_known_ports_takes_a_spare_section()
    {
        var more = Web with { Name = new ServiceName("more"), Vips = [Vip("10.1.0.5")], Backends = [Server("b9", 9)] };
        Commands(_plan, Plan(2, Web, Db, more)).ShouldBe(
            [
                $"add server http-2/s1 10.2.0.9:8080 id {Id(9)} weight 100",
                "set server http-2/s1 state ready",
                "add map http-80.map 10.1.0.5 http-2",
            ]);
    }

    [Fact]
    public void Section_that_a_service_leaves_just_now_is_not_taken_by_another()
    {
        var other = Web with { Name = new ServiceName("other") };
        var loaded = Layout(null, _plan);
        Layout(loaded, Plan(2, other, Db)).Ports[0].Sections.Values.Distinct().ShouldBe(["http-2"]);
    }

    [Fact]
    public void Service_that_has_gone_leaves_its_port_and_a_spare_section()
    {
        var loaded = Layout(null, _plan);
        var without = Layout(loaded, Plan(2, Web));
        without.Ports.Single(port => port.Port == 5432).Sections.ShouldBeEmpty();
        Change(loaded, without).ShouldBeOfType<PlaneChange.AtRuntime>().Commands.ShouldBe(
            ["del map tcp-5432.map 10.1.0.3", "set server tcp-1/s1 state maint"]);
        without.Sections.Single(section => section.Name == "tcp-1").Service.ShouldBeNull();
    }

    [Theory]
    [InlineData(81, ListenerProtocol.Http)]
    [InlineData(80, ListenerProtocol.Tcp)]
    public void New_port_is_a_reload(int port, ListenerProtocol protocol)
    {
        var loaded = Layout(null, _plan);
        var plan = Plan(2, Web with { Listeners = [new Listener(port, protocol)] }, Db);
        Change(loaded, Layout(loaded, plan)).ShouldBeOfType<PlaneChange.ByReload>();
    }

    [Fact]
    public void More_services_than_there_are_spares_of_their_kind_are_a_reload()
    {
        var loaded = Layout(null, _plan);
        ServicePlan[] more = [.. Enumerable.Range(1, 3).Select(i => Web with { Name = new ServiceName($"more{i}"), Vips = [Vip($"10.1.1.{i}")] })];
        Change(loaded, Layout(loaded, Plan(2, [Web, Db, .. more[..2]]))).ShouldBeOfType<PlaneChange.AtRuntime>();
        Change(loaded, Layout(loaded, Plan(2, [Web, Db, .. more]))).ShouldBeOfType<PlaneChange.ByReload>();
    }

    [Fact]
    public void Other_balance_is_another_section()
    {
        var loaded = Layout(null, _plan);
        var plan = Plan(2, Web with { Balance = BalancePolicy.Source }, Db);
        var next = Layout(loaded, plan);
        Change(loaded, next).ShouldBeOfType<PlaneChange.AtRuntime>();
        var section = next.Ports[0].Sections.Values.Distinct().Single();
        next.Sections.Single(s => s.Name == section).Kind.Balance.ShouldBe(BalancePolicy.Source);
    }

    [Fact]
    public void Where_two_services_have_the_same_vip_the_first_gets_it_on_every_port()
    {
        var other = Web with
        {
            Name = new ServiceName("other"),
            Listeners = [new Listener(80, ListenerProtocol.Http), new Listener(81, ListenerProtocol.Http)],
        };
        var layout = Layout(null, Plan(1, Web, other));
        layout.Ports[0].Sections.Values.Distinct().ShouldBe(["http-1"]);
        layout.Ports[1].Sections.ShouldBeEmpty();
    }

    [Fact]
    public void One_port_with_two_protocols_is_listened_on_by_address_where_it_is_tcp()
    {
        var tcp = Db with { Listeners = [new Listener(80, ListenerProtocol.Tcp)] };
        var layout = Layout(null, Plan(1, Web, tcp));
        layout.Ports.Select(port => (port.Name, port.OnVips)).ShouldBe([("tcp-80", true), ("http-80", false)], ignoreOrder: true);
        var more = Layout(layout, Plan(2, Web, tcp with { Vips = [.. tcp.Vips, Vip("10.1.0.7")] }));
        Change(layout, more).ShouldBeOfType<PlaneChange.ByReload>("HAProxy cannot listen on more while it runs");
        Change(more, Layout(more, Plan(3, Web))).ShouldBeOfType<PlaneChange.ByReload>("nobody may be routed by what is left of it");
    }

    [Fact]
    public void Backends_have_the_same_place_on_the_hash_ring_whatever_came_before()
    {
        var fresh = Layout(null, Plan(1, Web with { Backends = [Server("b1", 1), Server("b2", 2), Server("b3", 3)] }));
        var small = Layout(null, Plan(1, Web with { Backends = [Server("b3", 3)] }));
        var grown = Layout(small, Plan(2, Web with { Backends = [Server("b2", 2), Server("b3", 3), Server("b1", 1)] }));
        Ring(grown).ShouldBe(Ring(fresh));

        static IEnumerable<(IPEndPoint, int)> Ring(HaproxyLayout layout) =>
            layout.Sections[0].Slots.Select(slot => (slot.Server.Address, slot.Id)).OrderBy(slot => slot.Id);
    }

    [Fact]
    public void Drained_vips_are_a_map_of_their_own()
    {
        var loaded = Layout(null, _plan);
        var drained = loaded with { Draining = [Vip("10.1.0.1")] };
        Change(loaded, drained).ShouldBeOfType<PlaneChange.AtRuntime>().Commands.ShouldBe(["add map drain.map 10.1.0.1 1"]);
        Change(drained, loaded).ShouldBeOfType<PlaneChange.AtRuntime>().Commands.ShouldBe(["del map drain.map 10.1.0.1"]);
    }

    [Fact]
    public void Changed_by_commands_or_laid_out_anew_it_is_the_same_traffic()
    {
        // A thousand changes in a row: what is reached by commands routes each VIP to the same backends with the same weights as the plan says.
        var chance = new Random(7);
        HaproxyLayout? layout = null;
        for (var i = 1; i <= 1000; i++)
        {
            var plan = RandomPlan(i, chance);
            var states = RandomStates(plan, chance);
            layout = LayoutMaker.Next(layout, plan, states, Options);
            Traffic(layout).ShouldBe(Traffic(LayoutMaker.Next(null, plan, states, Options)));
        }
    }

    private static IEnumerable<string> Traffic(HaproxyLayout layout) =>
        from port in layout.Ports
        from vip in port.Sections
        let section = layout.Sections.Single(s => s.Name == vip.Value)
        from slot in section.Slots
        where slot.Weight > 0
        orderby port.Port, vip.Key, slot.Id
        select $"{vip.Key}:{port.Port} {section.Kind} {slot.Server.Address} {slot.Weight} {slot.Server.Name} {section.Service}";

    private static PlaneChange Change(HaproxyLayout? loaded, HaproxyLayout wanted) => PlaneChange.Between(loaded, wanted);

    private static System.Collections.Immutable.ImmutableArray<string> Commands(NodePlan before, NodePlan after)
    {
        var loaded = Layout(null, before);
        return Change(loaded, Layout(loaded, after)).ShouldBeOfType<PlaneChange.AtRuntime>().Commands;
    }
}
