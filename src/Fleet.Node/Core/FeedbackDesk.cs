using System.Collections.Immutable;
using Fleet.Shared.Map;

namespace Fleet.Node.Core;

/// <summary>What this node hears from feedback agents, and what of it the leader does not know yet.</summary>
internal sealed class FeedbackDesk
{
    private const int Nothing = -1;

    private readonly Dictionary<BackendKey, int> own = [];
    private readonly HashSet<BackendKey> news = [];
    private int told;

    public void Hear(BackendKey backend, int? percent)
    {
        var word = percent ?? Nothing;
        if (own.GetValueOrDefault(backend, Nothing) == word)
            return;
        own[backend] = word;
        news.Add(backend);
    }

    /// <summary>What was not yet told on this connection, all of it on a new one; null is nothing.</summary>
    public ImmutableSortedDictionary<BackendKey, int>? TakeNews(int link)
    {
        if (link != told)
            news.UnionWith(own.Keys);
        told = link;
        if (news.Count == 0)
            return null;
        var taken = news.ToImmutableSortedDictionary(key => key, key => own[key]);
        news.Clear();
        foreach (var gone in taken.Where(word => word.Value == Nothing))
            own.Remove(gone.Key);
        return taken;
    }
}
