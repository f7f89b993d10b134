using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.State;

/// <summary>What a leader has observed, for tests that do not care how.</summary>
internal static class TestState
{
    public static FleetState StateOf(Fleet.Shared.Map.FleetMap map) => new() { Map = map };

    /// <summary>Every node of the map is connected, was heard now, and works by that revision.</summary>
    public static Observed AllHeard(FleetState state, Instant now, long applied = 1)
    {
        var observed = new Observed { Began = now - TimeSpan.FromMinutes(1) };
        long connection = 0;
        foreach (var node in state.Map.Nodes.Keys)
        {
            connection++;
            observed = observed.With(node, n => n with { Connection = connection, LastHeard = now, Applied = new MapVersion(1, applied) });
        }

        return observed;
    }

    public static Observed Applied(this Observed observed, string node, long revision) =>
        observed.With(new NodeName(node), n => n with { Applied = new MapVersion(1, revision) });

    public static Observed SilentSince(this Observed observed, string node, Instant lastHeard) =>
        observed.With(new NodeName(node), n => n with { LastHeard = lastHeard, Connection = null });

    public static Observed QuietSince(this Observed observed, VipAddress vip, Instant since) =>
        observed with { PhaseSince = observed.PhaseSince.SetItem(vip, since) };
}
