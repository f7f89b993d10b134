using Fleet.Shared.Api;

namespace Fleet.Coordinator.Api;

/// <summary>What an operator should look at in the zones on other servers.</summary>
internal static class PublishingProblems
{
    public static IEnumerable<string> Collect(IEnumerable<PublishingView> targets)
    {
        foreach (var target in targets)
        {
            if (target.LastError is { } error)
                yield return $"Zone {target.Zone} on {target.Server} is not in step: {error}.";
            foreach (var left in target.LeftAlone)
                yield return $"Zone {target.Zone} on {target.Server} leaves alone {left}.";
        }
    }
}
