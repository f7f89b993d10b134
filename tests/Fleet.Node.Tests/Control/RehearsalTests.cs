using Fleet.Node.Control;
using Fleet.Node.Core;

namespace Fleet.Node.Tests.Control;

public sealed class RehearsalTests
{
    [Fact]
    public void Rehearsal_plays_a_whole_takeover() =>
        Rehearsal.Play().OfType<NodeEffect.HoldVips>().ShouldContain(hold => hold.Vips.Count == 1);
}
