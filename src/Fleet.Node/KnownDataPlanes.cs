using Fleet.Node.DataPlanes;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Node;

/// <summary>The kinds of data plane there are, one line each: a kind that is configured and has no line here does not compile.</summary>
internal static class KnownDataPlanes
{
    public static IPlaneDriver Create(NodeSettings settings, string node, MonotonicClock clock, ILoggerFactory logs) => settings.DataPlane switch
    {
        DataPlaneKind.Relay => RelayDriver.Create(settings, node, clock, logs),
    };
}
