using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// Which backends this node probes, and whose verdict counts. In a fleet with a leader a few probers per backend speak for all; a node that is cut off probes every
/// backend itself and believes what it sees.
/// </summary>
internal sealed class CheckDesk(NodeName me)
{
    private readonly Dictionary<BackendKey, Verdict> own = [];
    private readonly HashSet<BackendKey> news = [];
    private (object? Services, object? Nodes, bool CutOff) checkedFor;
    private int told;
    private int judgements;
    private int weighed;
    private bool cutOff;

    public void Judge(BackendKey backend, Verdict verdict)
    {
        own[backend] = verdict;
        news.Add(backend);
        judgements++;
    }

    /// <summary>Verdicts not yet told on this connection; all of them on a new one.</summary>
    public ImmutableSortedDictionary<BackendKey, Verdict> TakeNews(int link)
    {
        if (link != told)
            news.UnionWith(own.Keys);
        told = link;
        var taken = news.Where(own.ContainsKey).ToImmutableSortedDictionary(k => k, k => own[k]);
        news.Clear();
        return taken;
    }

    /// <summary>Chooses anew when services, nodes or the link have changed. Returns whether the verdicts in force may have changed with it.</summary>
    public bool Update(List<NodeEffect> effects, FleetMap map, bool isCutOff)
    {
        var changed = isCutOff != cutOff || (isCutOff && judgements != weighed);
        weighed = judgements;
        cutOff = isCutOff;
        var wanted = ((object)map.Services, (object)map.Nodes, isCutOff);
        if (wanted == checkedFor)
            return changed;
        checkedFor = wanted;
        var mine = isCutOff ? null : ProberChoice.Of(map, me).ToHashSet();
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
        cutOff && own.TryGetValue(backend, out var verdict) && verdict != Verdict.Unknown ? verdict : map.VerdictOf(backend.Service, backend.Backend);

    /// <summary>Equal as long as no verdict in force has changed.</summary>
    public object VerdictsKey(FleetMap map) => (map.Verdicts, cutOff, cutOff ? judgements : 0);
}
