using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// Which backends this node probes, and whose verdict counts. In a fleet with a leader a few probers per backend speak for all; a node that is cut
/// off probes every backend itself and believes what it sees.
/// </summary>
internal sealed class CheckAssignment(NodeName me)
{
    private readonly Dictionary<BackendKey, Verdict> _own = [];
    private readonly HashSet<BackendKey> _news = [];
    private (object? Services, object? Nodes, bool CutOff) _checkedFor;
    private int _told;
    private int _judgements;
    private int _weighed;
    private bool _cutOff;

    public void HearVerdict(BackendKey backend, Verdict verdict)
    {
        _own[backend] = verdict;
        _news.Add(backend);
        _judgements++;
    }

    /// <summary>Verdicts not yet sent on this connection; all of them on a new one.</summary>
    public ImmutableSortedDictionary<BackendKey, Verdict> TakeNews(int link)
    {
        if (link != _told)
            _news.UnionWith(_own.Keys);
        _told = link;
        var taken = _news.Where(_own.ContainsKey).ToImmutableSortedDictionary(k => k, k => _own[k]);
        _news.Clear();
        return taken;
    }

    /// <summary>Chooses anew when services, nodes or the link have changed. Returns whether the verdicts in force may have changed with it.</summary>
    public bool Update(List<NodeEffect> effects, FleetMap map, bool isCutOff)
    {
        var changed = isCutOff != _cutOff || (isCutOff && _judgements != _weighed);
        _weighed = _judgements;
        _cutOff = isCutOff;
        var wanted = ((object)map.Services, (object)map.Nodes, isCutOff);
        if (wanted == _checkedFor)
            return changed;
        _checkedFor = wanted;
        var mine = isCutOff ? null : ProberChoice.Choose(map, me).ToHashSet();
        effects.Add(new NodeEffect.CheckBackends(
        [
            .. from service in map.Services.Values
               from backend in service.Pool.Backends
               let key = new BackendKey(service.Name, backend.Name)
               where mine is null || mine.Contains(key)
               select new BackendToCheck(key, backend, service.Pool.Check, service.Pool.ProxyProtocol, service.Pool.Feedback),
        ]));
        return changed;
    }

    public Verdict VerdictOf(FleetMap map, BackendKey backend) =>
        _cutOff && _own.TryGetValue(backend, out var verdict) && verdict != Verdict.Unknown
            ? verdict
            : map.VerdictOf(backend.Service, backend.Backend);

    /// <summary>Stays equal while no verdict in force changes.</summary>
    public object VerdictsKey(FleetMap map) => (map.Verdicts, _cutOff, _cutOff ? _judgements : 0);
}
