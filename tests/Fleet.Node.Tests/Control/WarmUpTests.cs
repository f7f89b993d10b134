using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;

namespace Fleet.Node.Tests.Control;

public sealed class WarmUpTests
{
    [Fact]
    public void Rehearsal_plays_a_whole_takeover() =>
        WarmUp.Play(RelayPlane.Can).OfType<NodeEffect.HoldVips>().ShouldContain(hold => hold.Vips.Count == 1);
}
