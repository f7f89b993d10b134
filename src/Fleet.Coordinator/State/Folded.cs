using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>What an event has made of a state.</summary>
/// <param name="Touched">
/// The VIPs it may have changed, added or taken away: code that follows a map from one version to the next looks at these alone. Empty means none.
/// </param>
internal readonly record struct Folded(FleetState State, ImmutableArray<VipAddress> Touched)
{
    /// <summary>An event that changes no VIP.</summary>
    public static Folded Untouched(FleetState state) => new(state, []);

    /// <summary>Changes each VIP by what is said of it; those that are not there change nothing.</summary>
    public static Folded Vips<T>(FleetState state, ImmutableArray<T> said, Func<T, VipAddress> vipOf, Func<VipEntry, T, VipEntry> change)
    {
        var vips = state.Map.Vips.ToBuilder();
        foreach (var one in said)
        {
            if (vips.TryGetValue(vipOf(one), out var vip))
                vips[vip.Address] = change(vip, one);
        }

        return new Folded(state with { Map = state.Map with { Vips = vips.ToImmutable() } }, [.. said.Select(vipOf)]);
    }

    public static Folded Vips(FleetState state, ImmutableArray<VipAddress> vips, Func<VipEntry, VipEntry> change) =>
        Vips(state, vips, vip => vip, (entry, _) => change(entry));
}
