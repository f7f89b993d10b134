using Fleet.Node.Control;
using Fleet.Node.Core;

namespace Fleet.Node.Tests.Control;

public sealed class WarmUpTests
{
    [Fact]
    public void Rehearsal_plays_a_whole_takeover() =>
        WarmUp.Play().OfType<NodeEffect.HoldVips>().ShouldContain(hold => hold.Vips.Count == 1);
}
