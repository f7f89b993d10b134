using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Commands;

public sealed class DeciderTests
{
    private static readonly Instant Now = Build.At(60_000);

    private static readonly FleetState State = TestState.StateOf(
        Build.Map(Build.Nodes(2), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")], BuildPolicy.WithPool("10.0.0.0/29")));

    [Fact]
    public void New_service_is_accepted_with_the_vips_it_names() =>
        Accepted(new Command.ApplyService(Build.Service("api", Build.Vips(2, first: 5))))
            .ShouldBeOfType<FleetEvent.ServiceApplied>().Service.Vips
            .ShouldBe(Build.Vips(2, first: 5));

    [Fact]
    public void Same_service_again_changes_nothing()
    {
        var web = State.Map.Services[new ServiceName("web")];
        Decide(new Command.ApplyService(web)).ShouldBeOfType<Decision.Accepted>().Events.ShouldBeEmpty();
    }

    [Fact]
    public void Vips_are_taken_from_the_pool_where_they_are_free() =>
        Accepted(new Command.ApplyService(Build.Service("api", []) with { VipCount = 4 }))
            .ShouldBeOfType<FleetEvent.ServiceApplied>().Service.Vips.ShouldBe(Build.Vips(4, first: 3));

    [Fact]
    public void Pool_that_is_too_small_is_a_conflict_that_says_how_many_are_left() =>
        Refused(new Command.ApplyService(Build.Service("api", []) with { VipCount = 5 }), RefusalKind.Conflict).ShouldContain("has 4 left");

    [Fact]
    public void Vip_of_another_service_is_a_conflict_that_names_it() =>
        Refused(new Command.ApplyService(Build.Service("api", Build.Vip(1))), RefusalKind.Conflict).ShouldContain("belongs to service web");

    [Fact]
    public void Demand_that_makes_vips_too_lumpy_is_refused_with_the_number_it_needs() =>
        Refused(
            new Command.ApplyService(Build.Service("api", Build.Vips(2, first: 5)) with { DemandBps = 2 * Build.Gbps }),
            RefusalKind.Conflict).ShouldContain("it needs 4 VIPs");

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void Port_that_cannot_be_is_invalid(int port) => Refused(
        new Command.ApplyService(Build.Service("api", Build.Vip(5)) with { Listeners = [new Listener(port, ListenerProtocol.Tcp)] }),
        RefusalKind.Invalid).ShouldContain("listeners[0].port");

    [Fact]
    public void Fleet_without_nodes_says_that_it_has_none() =>
        Decider.Decide(FleetState.Empty, new Observed { Began = Now }, new Command.Intend(new NodeName("adc-1"), NodeIntent.Draining), Now)
            .ShouldBeOfType<Decision.Refused>().Reason.ShouldBe("There is no node adc-1; the fleet has none.");

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        Refused(new Command.RemoveService(new ServiceName("api")), RefusalKind.NotFound).ShouldContain("api");
        Refused(new Command.Intend(new NodeName("adc-9"), NodeIntent.Draining), RefusalKind.NotFound).ShouldContain("adc-1, adc-2");
        Refused(new Command.DeclareDown(new NodeName("adc-9")), RefusalKind.NotFound).ShouldContain("adc-9");
    }

    [Fact]
    public void Last_node_that_takes_vips_cannot_be_drained()
    {
        var drained = Evolver.Evolve(State, new FleetEvent.NodeIntended(new NodeName("adc-1"), NodeIntent.Draining), 2);
        Decide(new Command.Intend(new NodeName("adc-2"), NodeIntent.Draining), drained)
            .ShouldBeOfType<Decision.Refused>().Kind
            .ShouldBe(RefusalKind.Conflict);
        Decide(new Command.Intend(new NodeName("adc-2"), NodeIntent.Cordoned), drained).ShouldBeOfType<Decision.Accepted>();
    }

    [Fact]
    public void Node_that_is_heard_cannot_be_declared_down_and_a_silent_one_can()
    {
        Refused(new Command.DeclareDown(new NodeName("adc-1")), RefusalKind.Conflict).ShouldContain("it may be serving");
        var silent = TestState.AllHeard(State, Now).SilentSince("adc-1", Now - TimeSpan.FromMilliseconds(450));
        Decider.Decide(State, silent, new Command.DeclareDown(new NodeName("adc-1")), Now).ShouldBeOfType<Decision.Accepted>()
            .Events.Single().ShouldBeOfType<FleetEvent.NodeLost>();
    }

    private static Decision Decide(Command command, FleetState? state = null) =>
        Decider.Decide(state ?? State, TestState.AllHeard(state ?? State, Now), command, Now);

    private static FleetEvent Accepted(Command command) => Decide(command).ShouldBeOfType<Decision.Accepted>().Events.Single();

    private static string Refused(Command command, RefusalKind kind)
    {
        var refused = Decide(command).ShouldBeOfType<Decision.Refused>();
        refused.Kind.ShouldBe(kind);
        return refused.Reason;
    }
}
