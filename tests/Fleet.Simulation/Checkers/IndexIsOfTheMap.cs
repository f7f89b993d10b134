using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>What the leader keeps beside its map, and the change it makes of two maps, are what one finds who looks at every VIP.</summary>
public sealed class IndexIsOfTheMap : IChecker
{
    private FleetMap looked = FleetMap.Empty;
    private Leader? led;

    public void Look(World world)
    {
        if (world.Coordinator.Leader is not { } leader || ReferenceEquals(leader.State.Map, looked))
            return;
        var state = leader.State;
        var (kept, fresh) = (Text(state.Vips, state), Text(VipIndex.Of(state.Map.Vips), state));
        if (kept != fresh)
            throw new CheckFailedException(world, $"At {state.Map.Version} the index says\n{kept}\nand the map\n{fresh}");
        // Maps of two leaders share no entries: each has read its own from the journal.
        if (leader == led && state.Map.Parent == looked.Version && world.Store.Entries is [.., var entry] && entry.Version == state.Map.Version)
            LookAtChange(world, MapDelta.Between(looked, state.Map, Footprint.Of(entry, looked)), MapDelta.Between(looked, state.Map));
        (looked, led) = (state.Map, leader);
    }

    private static void LookAtChange(World world, MapDelta known, MapDelta found)
    {
        if (!known.Vips.SequenceEqual(found.Vips) || !known.VipsGone.SequenceEqual(found.VipsGone))
            throw new CheckFailedException(world, $"The change to {found.To} is of {known.Vips.Length} VIPs, and {found.Vips.Length} differ.");
    }

    private static string Text(VipIndex index, FleetState state) =>
        $"""
        owned: {string.Join(' ', index.Owners.Select(n => $"{n}={string.Join(',', index.OwnedBy(n))}"))}
        unsettled: {string.Join(' ', index.Unsettled.Values.Select(v => ReferenceEquals(v, state.Map.Vips.GetValueOrDefault(v.Address)) ? $"{v.Address}" : $"{v.Address}, of old"))}
        unowned: {string.Join(' ', index.Unowned)}
        """;
}
