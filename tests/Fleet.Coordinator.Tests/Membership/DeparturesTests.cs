using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Membership;

/// <summary>Node adc-1 leaves.</summary>
public sealed class DeparturesTests
{
    private static readonly Instant Now = Build.At(60_000);
    private static readonly NodeName One = new("adc-1");

    [Fact]
    public void Leaving_node_is_forgotten_once_it_has_nothing() => Forgotten(Build.Serving(1, "adc-2")).ShouldBe([new FleetEvent.NodeForgotten(One)]);

    [Fact]
    public void Leaving_node_is_not_forgotten_while_a_vip_is_its_own() => Forgotten(Build.Serving(1, "adc-1")).ShouldBeEmpty();

    [Fact]
    public void Leaving_node_is_not_forgotten_while_a_vip_is_on_its_way_to_it() =>
        Forgotten(Build.Serving(1, "adc-2") with { Phase = VipPhase.Releasing, Successor = One }).ShouldBeEmpty();

    private static IEnumerable<FleetEvent> Forgotten(VipEntry vip)
    {
        var state = TestState.StateOf(Build.Map([Build.Node("adc-1", NodeIntent.Leaving), Build.Node("adc-2")], [vip]));
        return Departures.Forget(state, TestState.AllHeard(state, Now), Now);
    }
}
