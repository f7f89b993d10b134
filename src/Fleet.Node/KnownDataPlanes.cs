using Fleet.Node.DataPlanes;
using Fleet.Node.DataPlanes.Haproxy;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.Vips;
using Fleet.Node.Vips.Linux;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Node;

/// <summary>
/// The kinds of data plane and of holders of VIPs there are, one line each: a kind that is configured and has no line here does not compile.
/// </summary>
internal static class KnownDataPlanes
{
    /// <exception cref="IOException">This host or this process cannot do what is configured.</exception>
    public static IPlaneDriver Create(NodeSettings settings, string node, MonotonicClock clock, ILoggerFactory logs)
    {
        var vips = settings.Vips switch
        {
            VipsKind.Relay => null,
            VipsKind.Linux => OpenLinux(settings.Linux, clock, logs),
        };
        return settings.DataPlane switch
        {
            DataPlaneKind.Relay => On(vips, RelayDriver.Create(settings, node, clock, logs)),
            DataPlaneKind.Haproxy => On(vips!, HaproxyDriver.Create(settings, node, vips!, clock, logs)),
        };
    }

    /// <summary>The relay listens on each VIP by itself, so it has a part in holding them.</summary>
    private static IPlaneDriver On(LinuxVips? vips, RelayDriver relay) =>
        vips is null ? relay : new HostVipsDriver(relay, vips, new ListeningVips(relay.Vips, vips));

    private static HostVipsDriver On(LinuxVips vips, HaproxyDriver haproxy) => new(haproxy, vips, vips);

    private static LinuxVips OpenLinux(LinuxSettings settings, MonotonicClock clock, ILoggerFactory logs) => LinuxVips.Open(
        new LinuxVipsOptions { Interface = settings.Interface!, Table = settings.Table, AnswerMax = settings.AnswerMax },
        clock,
        logs.CreateLogger<LinuxVips>());
}
