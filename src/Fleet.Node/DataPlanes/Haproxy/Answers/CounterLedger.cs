using System.Collections.Immutable;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>
/// Adds up what the processes of one HAProxy have counted. Each reload brings a process that begins at nothing, while the ones before it serve on
/// what they have. Of one that has ended, what was read last counts.
/// </summary>
internal sealed class CounterLedger
{
    private Dictionary<int, ImmutableSortedDictionary<VipAddress, VipCounters>> _living = [];
    private ImmutableSortedDictionary<VipAddress, VipCounters> _ended = ImmutableSortedDictionary<VipAddress, VipCounters>.Empty;

    /// <summary>What that process had when it was read last.</summary>
    public ImmutableSortedDictionary<VipAddress, VipCounters> Last(int pid) =>
        _living.GetValueOrDefault(pid, ImmutableSortedDictionary<VipAddress, VipCounters>.Empty);

    /// <param name="read">By process. Who is missing has ended.</param>
    public ImmutableSortedDictionary<VipAddress, VipCounters> Add(
        IReadOnlyDictionary<int, ImmutableSortedDictionary<VipAddress, VipCounters>> read)
    {
        foreach (var (pid, counters) in _living)
            if (!read.ContainsKey(pid))
                _ended = Sum(_ended, counters.Select(vip => KeyValuePair.Create(vip.Key, vip.Value with { Active = 0 })));
        _living = new Dictionary<int, ImmutableSortedDictionary<VipAddress, VipCounters>>(read);
        return _living.Values.Aggregate(_ended, Sum);
    }

    private static ImmutableSortedDictionary<VipAddress, VipCounters> Sum(
        ImmutableSortedDictionary<VipAddress, VipCounters> some, IEnumerable<KeyValuePair<VipAddress, VipCounters>> others)
    {
        var sum = some.ToBuilder();
        foreach (var (vip, more) in others)
        {
            var sofar = sum.GetValueOrDefault(vip, VipCounters.Zero);
            sum[vip] = new VipCounters(
                sofar.BytesIn + more.BytesIn,
                sofar.BytesOut + more.BytesOut,
                sofar.Connections + more.Connections,
                sofar.Requests + more.Requests,
                sofar.Active + more.Active);
        }

        return sum.ToImmutable();
    }
}
