using Fleet.Lab.Topology;

namespace Fleet.Lab.Rendering;

/// <summary>
/// Caps of service links: a token bucket (tc-tbf(8)) at either end. At 88 Mbit/s one gives 83.9 Mbit/s of TCP payload, 0.997 of what headers leave.
/// </summary>
internal static class CapScripts
{
    private const int BurstMinKb = 32;

    /// <summary>How long a packet may wait before it is dropped.</summary>
    private const int QueueMs = 50;

    public static IEnumerable<LabScript> Of(LabTopology topology)
    {
        var capped = topology.Hosts.Where(host => host.CapMbit is not null).ToArray();
        foreach (var host in capped)
            yield return new LabScript(Places.Namespace(topology.Name, host.Name), LabTool.Tc, [Bucket(Places.ServiceLink, host.CapMbit!.Value)]);
        foreach (var switched in capped.GroupBy(host => host.Site ?? Places.Control))
        {
            yield return new LabScript(
                Places.Namespace(topology.Name, switched.Key), LabTool.Tc, [.. switched.Select(host => Bucket(host.Name, host.CapMbit!.Value))]);
        }
    }

    /// <summary>The bucket holds what the link carries in 2 ms, and never less than a large segment.</summary>
    private static string Bucket(string link, int megabits) =>
        $"qdisc add dev {link} root tbf rate {megabits}mbit burst {Math.Max(BurstMinKb, megabits / 4)}kb latency {QueueMs}ms";
}
