using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Ownership;

/// <summary>VIP 1 is adc-1's since revision 1.</summary>
public sealed class OwnershipInvariantTests
{
    private static readonly FleetState State = TestState.StateOf(Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1")]));
    private static readonly Observed Seen = TestState.AllHeard(State, Build.At(0));

    [Fact]
    public void Vip_may_not_leave_an_owner_that_is_up_and_has_not_let_go()
    {
        Should.Throw<InvariantBrokenException>(() => OwnershipInvariant.Check(State, Seen, Moved("adc-2"))).Message.ShouldContain("adc-1");
        Should.Throw<InvariantBrokenException>(() => OwnershipInvariant.Check(State, Seen, new FleetEvent.VipsUnplaced([Build.Vip(1)], "test")));
        Should.Throw<InvariantBrokenException>(() => OwnershipInvariant.Check(Releasing, Seen.Applied("adc-1", 4), Moved("adc-2")));
    }

    [Fact]
    public void Vip_may_leave_an_owner_that_is_lost_or_has_let_go()
    {
        OwnershipInvariant.Check(Evolver.Evolve(State, new FleetEvent.NodeLost(new NodeName("adc-1"), "test"), 2), Seen, Moved("adc-2"));
        OwnershipInvariant.Check(Releasing, Seen.Applied("adc-1", 5), Moved("adc-2"));
        OwnershipInvariant.Check(State, Seen, Moved("adc-1"));
    }

    [Fact]
    public void Vip_that_somebody_may_still_hold_from_before_goes_to_nobody()
    {
        var state = TestState.StateOf(Build.Map(Build.Nodes(3), [Build.Unplaced(1)]))
            with
        { UnreleasedVips = State.UnreleasedVips.Add(Build.Vip(1), new UnreleasedVip(new NodeName("adc-3"), 1)) };
        Should.Throw<InvariantBrokenException>(() => OwnershipInvariant.Check(state, Seen, Moved("adc-2"))).Message.ShouldContain("adc-3");
    }

    [Fact]
    public void Node_is_not_forgotten_while_vips_are_its_own() =>
        Should.Throw<InvariantBrokenException>(() => OwnershipInvariant.Check(State, Seen, new FleetEvent.NodeForgotten(new NodeName("adc-1"))));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    public void Term_never_goes_back_and_revisions_count_by_one(long term, long revision)
    {
        var entry = new JournalEntry(revision, term, DateTimeOffset.UnixEpoch, Build.By, [new FleetEvent.TermBegun(term, "c1")]);
        Should.Throw<InvariantBrokenException>(() => Evolver.Evolve(State, entry));
        Evolver.Evolve(State, entry with { Term = 1, Revision = 2 }).Map.Version.ShouldBe(new MapVersion(1, 2));
    }

    private static FleetState Releasing => State with
    {
        Map = State.Map
            with
        { Vips = State.Map.Vips.SetItem(Build.Vip(1), State.Map.Vips[Build.Vip(1)] with { Phase = VipPhase.Releasing, Since = 5 }) },
    };

    private static FleetEvent.VipsMoved Moved(string to) => new([new VipMove(Build.Vip(1), new NodeName(to), MoveReason.Balance)]);
}
