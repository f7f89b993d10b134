using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>What adc-1, which is in its first run, hears from the others.</summary>
internal static class Peers
{
    /// <summary>From the peer's first run unless told otherwise.</summary>
    public static WitnessDatagram Says(
        string peer, WitnessKind kind, long number, Incarnation? run = null, FleetMap? map = null, string? host = null) =>
        new PeerRuns(Build.Facts(peer) with { Host = host }, run ?? Build.First)
            .Address(new NodeName("adc-1"), map ?? FleetMap.Empty, kind, number) with
        { ToRun = Build.First };
}
