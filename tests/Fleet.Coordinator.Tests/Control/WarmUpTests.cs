using Fleet.Coordinator.Control;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Control;

public sealed class WarmUpTests
{
    [Fact]
    public async Task Rehearsal_plays_a_whole_failover_before_it_returns()
    {
        var play = WarmUp.PlayAsync();
        play.IsCompleted.ShouldBeTrue();
        var map = await play;
        map.Nodes[NodeName.Parse("d")].Presence.ShouldBe(NodePresence.Down);
        map.Vips.Values.ShouldAllBe(v => v.Phase == VipPhase.Serving && v.Owner != NodeName.Parse("d"));
        map.Vips.Values.ShouldContain(v => v.Reason == MoveReason.OwnerLost);
    }
}
