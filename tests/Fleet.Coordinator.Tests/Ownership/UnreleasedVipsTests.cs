using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Ownership;

/// <summary>VIP 1 of adc-1 is taken out of service web at revision 2 and put back at revision 3.</summary>
public sealed class UnreleasedVipsTests
{
    private static readonly Instant Now = Build.At(60_000);

    private static FleetState PutBack
    {
        get
        {
            var state = TestState.StateOf(Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]));
            state = Evolver.Evolve(state, new FleetEvent.ServiceApplied(Build.Service("web", Build.Vip(2))), 2);
            return Evolver.Evolve(state, new FleetEvent.ServiceApplied(Build.Service("web", Build.Vips(2))), 3);
        }
    }

    [Fact]
    public void Vip_that_comes_back_is_not_placed_while_its_old_holder_may_hold_it()
    {
        Recovery.Recover(PutBack, TestState.AllHeard(PutBack, Now), Now).ShouldBeEmpty();
        UnreleasedVips.Free(PutBack, TestState.AllHeard(PutBack, Now).Applied("adc-1", 1), Now).ShouldBeEmpty();
    }

    [Fact]
    public void Vip_is_placed_once_its_old_holder_works_by_a_map_without_it()
    {
        var observed = TestState.AllHeard(PutBack, Now).Applied("adc-1", 2);
        var gone = UnreleasedVips.Free(PutBack, observed, Now).ShouldHaveSingleItem();
        var settled = Evolver.Evolve(PutBack, gone, 4);
        Recovery
            .Recover(settled, observed, Now)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<FleetEvent.VipsMoved>().Moves
            .Single().Vip
            .ShouldBe(Build.Vip(1));
    }

    [Fact]
    public void Vip_is_placed_once_its_old_holder_is_lost()
    {
        var lost = Evolver.Evolve(PutBack, new FleetEvent.NodeLost(new NodeName("adc-1"), "test"), 4);
        UnreleasedVips.Free(lost, TestState.AllHeard(lost, Now), Now).ShouldHaveSingleItem();
    }

    [Fact]
    public void Leaving_node_is_not_forgotten_while_it_may_hold_what_is_gone_from_the_map()
    {
        var leaving = Evolver.Evolve(PutBack, new FleetEvent.NodeIntended(new NodeName("adc-1"), NodeIntent.Leaving), 4);
        Departures.Forget(leaving, TestState.AllHeard(leaving, Now), Now).ShouldBeEmpty();
        Departures.Forget(Evolver.Evolve(leaving, new FleetEvent.RemovedVipsReleased([Build.Vip(1)]), 5), TestState.AllHeard(leaving, Now), Now)
            .ShouldHaveSingleItem();
    }
}
