using System.Collections.Immutable;
using Fleet.Shared.Map;

namespace Fleet.Node.Core;

/// <summary>What this node hears from feedback agents, and which part of that the leader does not know yet.</summary>
internal sealed class FeedbackReports
{
    private const int Nothing = -1;

    private readonly Dictionary<BackendKey, int> _own = [];
    private readonly HashSet<BackendKey> _news = [];
    private int _told;

    public void Hear(BackendKey backend, int? percent)
    {
        var word = percent ?? Nothing;
        if (_own.GetValueOrDefault(backend, Nothing) == word)
            return;
        _own[backend] = word;
        _news.Add(backend);
    }

    /// <summary>What has not been sent on this connection yet; everything on a new one. Null when there is nothing.</summary>
    public ImmutableSortedDictionary<BackendKey, int>? TakeNews(int link)
    {
        if (link != _told)
            _news.UnionWith(_own.Keys);
        _told = link;
        if (_news.Count == 0)
            return null;
        var taken = _news.ToImmutableSortedDictionary(key => key, key => _own[key]);
        _news.Clear();
        foreach (var gone in taken.Where(word => word.Value == Nothing))
            _own.Remove(gone.Key);
        return taken;
    }
}
