using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Core;

/// <summary>What a node does with services that its data plane cannot carry.</summary>
public sealed class DataPlaneCapabilitiesTests
{
    private static readonly DataPlaneCapabilities Little = new()
    {
        Name = "little",
        Listeners = [ListenerProtocol.Tcp],
        Balance = [BalancePolicy.Source],
        SendsProxyProtocol = false,
        TranslatesPorts = false,
        Drains = false,
        CountsOpenConnections = false,
    };

    private static readonly Service Plain = Build.Service("web", Build.Vip(1)) with
    {
        Listeners = [new Listener(8080, ListenerProtocol.Tcp)],
        Pool = Build.Service("web").Pool with { Balance = BalancePolicy.Source },
    };

    [Fact]
    public void Service_that_asks_for_no_more_than_there_is_is_carried() => Little.Lacks(Plain).ShouldBeNull();

    public static TheoryData<Func<Service, Service>, string> Asking => new()
    {
        { s => s with { Listeners = [new Listener(8080, ListenerProtocol.Http)] }, "listeners[0].protocol: found http, allowed: by this node's data "
            + "plane (little), tcp" },
        { s => s with { Pool = s.Pool with { Balance = BalancePolicy.LeastConnections } }, "pool.balance: found least-connections, allowed: by this "
            + "node's data plane (little), source" },
        { s => s with { Pool = s.Pool with { ProxyProtocol = true } }, "pool.proxy-protocol: found true, allowed: by this node's data plane "
            + "(little), false" },
        { s => s with { Listeners = [new Listener(8080, ListenerProtocol.Tcp), new Listener(81, ListenerProtocol.Tcp)] },
            "pool.backends[0].address: found port 8080" },
    };

    [Theory]
    [MemberData(nameof(Asking))]
    public void Each_thing_that_is_asked_for_and_is_not_there_is_said(Func<Service, Service> ask, string said)
    {
        $"{Little.Lacks(ask(Plain))}".ShouldStartWith($"service \"web\": {said}");
        RelayPlane.Can.Lacks(ask(Plain)).ShouldBeNull();
    }

    [Fact]
    public void Relay_can_do_all_that_services_can_ask_for_today()
    {
        RelayPlane.Can.Listeners.ShouldBe(Enum.GetValues<ListenerProtocol>());
        RelayPlane.Can.Balance.ShouldBe(Enum.GetValues<BalancePolicy>());
    }

    [Fact]
    public void Service_that_cannot_be_carried_is_left_out_whole_said_and_stays_in_the_map_for_dns()
    {
        var stage = new PlaneStage(RelayPlane.Can with { Listeners = [ListenerProtocol.Http] });
        stage.Serve();
        stage.ChangeService(api => api with { Listeners = [.. api.Listeners, new Listener(5432, ListenerProtocol.Tcp)] }, "api");
        stage.Carry();
        stage.Effects.OfType<NodeEffect.ApplyServices>().Last().Plan.Services.ShouldHaveSingleItem().Name.ShouldBe(new ServiceName("web"));
        stage.Effects.OfType<NodeEffect.ApplyServices>().Last().Backends.Weights.Keys.ShouldAllBe(key => key.Service == new ServiceName("web"));
        stage.Beat().Missing.ShouldBe([Build.Vip(2)]);
        stage.Said.Problems!.Value.ShouldHaveSingleItem().ShouldStartWith("service \"api\": listeners[1].protocol: found tcp");
        stage.Known.Services.ShouldContainKey(new ServiceName("api"));
        stage.ChangeService(api => api with { Listeners = [new Listener(80, ListenerProtocol.Http)] }, "api");
        stage.Carry();
        stage.Beat().Missing.ShouldBeEmpty();
        stage.Said.Problems.ShouldBeNull();
    }

    [Fact]
    public void Data_plane_that_cannot_drain_is_not_told_to_and_one_that_cannot_count_is_busy()
    {
        var stage = new PlaneStage(RelayPlane.Can with { Drains = false, CountsOpenConnections = false });
        stage.Serve();
        stage.Change(map => map with { Vips = map.Vips.SetItem(Build.Vip(1), map.Vips[Build.Vip(1)] with { Phase = VipPhase.Draining }) });
        stage.Effects.OfType<NodeEffect.DrainVips>().ShouldBeEmpty();
        stage.Beat().Busy.Keys.ShouldBe([Build.Vip(1)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Draining_that_an_agent_before_this_one_began_is_ended(bool wasThere)
    {
        var stage = new PlaneStage(null, wasThere ? [Build.Vip(1)] : []).Serve();
        stage.Effects.OfType<NodeEffect.DrainVips>().Count(drain => drain.Vips.IsEmpty).ShouldBe(wasThere ? 1 : 0);
    }
}
