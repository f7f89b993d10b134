using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>What the leader keeps beside its map, and the change it makes of two maps, are what one finds who looks at every VIP.</summary>
public sealed class IndexIsOfTheMap : IChecker
{
    private FleetState _looked = FleetState.Empty;
    private Leader? _led;

    public void Look(World world)
    {
        if (world.Coordinator.Leader is not { } leader || ReferenceEquals(leader.State.Map, _looked.Map))
            return;
        var state = leader.State;
        var (kept, fresh) = (Text(state.Vips, state), Text(VipIndex.Build(state.Map.Vips), state));
        if (kept != fresh)
            throw new CheckFailedException(world, $"At {state.Map.Version} the index says\n{kept}\nand the map\n{fresh}");
        // Maps of two leaders share no entries: each has read its own from the journal.
        if (leader == _led && state.Map.Parent == _looked.Map.Version && world.Store.Entries is [.., var entry] && entry.Version == state.Map.Version)
        {
            var touched = Evolver.Apply(_looked, entry).Touched;
            LookAtChange(world, MapDelta.Between(_looked.Map, state.Map, touched), MapDelta.Between(_looked.Map, state.Map));
        }

        (_looked, _led) = (state, leader);
    }

    private static void LookAtChange(World world, MapDelta known, MapDelta found)
    {
        if (!known.Vips.SequenceEqual(found.Vips) || !known.VipsGone.SequenceEqual(found.VipsGone))
            throw new CheckFailedException(world, $"The change to {found.To} is of {known.Vips.Length} VIPs, and {found.Vips.Length} differ.");
    }

    private static string Named(VipEntry vip, FleetMap map) =>
        ReferenceEquals(vip, map.Vips.GetValueOrDefault(vip.Address)) ? $"{vip.Address}" : $"{vip.Address}, of old";

    private static string Text(VipIndex index, FleetState state) =>
        $"""
        owned: {string.Join(' ', index.Owners.Select(n => $"{n}={string.Join(',', index.OwnedBy(n))}"))}
        unsettled: {string.Join(' ', index.Unsettled.Values.Select(v => Named(v, state.Map)))}
        unowned: {string.Join(' ', index.Unowned)}
        """;
}
