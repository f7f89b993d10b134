using Fleet.Demo.Clients;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Storm.Judging;

/// <summary>What is known of the fleet at one moment.</summary>
/// <param name="Living">The nodes whose agents run.</param>
/// <param name="Owed">A map's version that was there a while ago: every node must have it by now.</param>
/// <param name="LastAnswers">At each VIP, what clients saw last.</param>
internal sealed record Observation(
    FleetMap Map,
    IReadOnlyList<NodeView> Nodes,
    IReadOnlyCollection<string> Living,
    MapVersion Owed,
    IReadOnlyDictionary<VipAddress, ProbeSample?> LastAnswers,
    Instant Now);

/// <summary>
/// Whether a fleet is well: every VIP answered by exactly the node that the map names, every node linked and with the newest map. Pure.
/// </summary>
public static class HealJudge
{
    /// <summary>Clients ask every 10 ms; a VIP that has not answered for so long is out.</summary>
    private static readonly TimeSpan AnswerAgeMax = TimeSpan.FromMilliseconds(200);

    private const double SilenceMaxMs = 500;

    /// <summary>What is not well yet, a sentence each; empty is healed.</summary>
    internal static IReadOnlyList<string> Wanting(Observation sight) =>
        [.. sight.Living.Select(node => OfNode(sight, node)).Concat(sight.Map.Vips.Values.Select(vip => OfVip(sight, vip))).OfType<string>()];

    private static string? OfNode(Observation sight, string name)
    {
        if (sight.Nodes.FirstOrDefault(node => node.Entry.Name.Value == name) is not { } node)
            return $"{name} is not in the fleet";
        if (node.SilentMs is not { } silent || silent > SilenceMaxMs)
            return $"{name} is not heard";
        if (node.Applied.CompareTo(sight.Owed) < 0)
            return $"{name} works by map {node.Applied}, not {sight.Owed}";
        // One that was lost several times of late waits by intention, linked and with its map.
        return node.Entry.Presence == NodePresence.Up || node.Waiting?.Reason == "flap-damping"
            ? null
            : $"{name} is down: {node.Waiting?.Sentence ?? "nobody knows why"}";
    }

    private static string? OfVip(Observation sight, VipEntry vip)
    {
        if (vip.Owner is not { } owner)
            return $"{vip.Address} has no owner";
        if (sight.LastAnswers.GetValueOrDefault(vip.Address) is not { } answer || sight.Now - answer.Done > AnswerAgeMax)
            return $"{vip.Address} of {owner} ({vip.Phase}) does not answer";
        // By plan it goes from owner to successor without a gap that clients notice; who answers meanwhile is not told apart.
        return answer.Node == owner.Value || vip.Phase is VipPhase.Releasing or VipPhase.Arriving
            ? null
            : $"{vip.Address} is answered by {answer.Node}, and the map names {owner}";
    }
}
