using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// Which nodes have reported on a backend, and on which backends somebody may disagree with the map. Ten thousand backends are probed all the time;
/// only the disputed ones need a verdict.
/// </summary>
internal sealed class ProberWords
{
    public static readonly ProberWords None = new(ImmutableDictionary<BackendKey, ImmutableSortedSet<NodeName>>.Empty, []);

    private readonly ImmutableDictionary<BackendKey, ImmutableSortedSet<NodeName>> _probers;

    private ProberWords(ImmutableDictionary<BackendKey, ImmutableSortedSet<NodeName>> probers, ImmutableSortedSet<BackendKey> disputed) =>
        (_probers, Disputed) = (probers, disputed);

    public ImmutableSortedSet<BackendKey> Disputed { get; }

    public ImmutableSortedSet<NodeName> SaidBy(BackendKey backend) => _probers.GetValueOrDefault(backend) ?? [];

    /// <summary>Takes what a node reports now, next to what it reported before.</summary>
    public ProberWords Hear(
        NodeName node, ImmutableSortedDictionary<BackendKey, Verdict> before, ImmutableSortedDictionary<BackendKey, Verdict> after)
    {
        var next = _probers.ToBuilder();
        foreach (var gone in before.Keys.Where(b => !after.ContainsKey(b) && next.ContainsKey(b)))
            next[gone] = next[gone].Remove(node);
        var changed = after.Where(w => !before.TryGetValue(w.Key, out var old) || old != w.Value).Select(w => w.Key).ToArray();
        foreach (var backend in changed)
            next[backend] = (next.TryGetValue(backend, out var others) ? others : []).Add(node);
        return new ProberWords(next.ToImmutable(), Disputed.Union(changed));
    }

    /// <summary>The map may have forgotten what it knew: everything is looked at again.</summary>
    public ProberWords DisputeAll() => new(_probers, [.. _probers.Keys]);

    public ProberWords Resolve(Func<BackendKey, bool> agreed) => Disputed.Any(agreed) ? new(_probers, Disputed.Except(Disputed.Where(agreed))) : this;
}
