using Fleet.Shared.Model;

namespace Fleet.Simulation.Worlds;

/// <summary>When each VIP was served by anybody, in true time: how long it was dark is known to the microsecond.</summary>
public sealed class ServiceLog
{
    private readonly SortedDictionary<VipAddress, long> _lastServed = [];
    private readonly SortedDictionary<VipAddress, long> _longest = [];

    public void ServedUntil(VipAddress vip, long moment)
    {
        if (_lastServed.TryGetValue(vip, out var before))
            _lastServed[vip] = Math.Max(before, moment);
    }

    public void ServedFrom(VipAddress vip, long moment)
    {
        if (_lastServed.TryGetValue(vip, out var before) && moment > before)
            _longest[vip] = Math.Max(_longest.GetValueOrDefault(vip), moment - before);
        _lastServed[vip] = Math.Max(before, moment);
    }

    /// <summary>The longest time since the last call that a VIP, now served again, was dark; microseconds.</summary>
    public long TakeLongest()
    {
        var most = _longest.Values.DefaultIfEmpty(0).Max();
        _longest.Clear();
        return most;
    }
}
