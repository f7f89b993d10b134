using System.Collections.Immutable;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Keys;

/// <summary>
/// Rolls a zone-signing key by pre-publication (RFC 7583 3.2.1). The successor is in the key set before it signs, so that every resolver knows it by
/// then. The old key stays there until nothing that it signed is kept anywhere. Everything after the first step happens by itself.
/// </summary>
internal static class ZskRoll
{
    /// <summary>The next step for the keys of one zone, in seconds since 1970 where times are numbers.</summary>
    /// <param name="keys">All keys of the zone.</param>
    /// <param name="now">The moment.</param>
    /// <param name="prepublish">
    /// How long the successor is shown before it signs: the TTL of the key set, and what it takes to bring the files to all nodes.
    /// </param>
    /// <param name="retire">How long the old one is shown after: the longest TTL of the zone and more.</param>
    /// <param name="activateNow">Let the successor sign at once, where that is safe.</param>
    public static RollStep Next(IReadOnlyCollection<ZoneKey> keys, long now, TimeSpan prepublish, TimeSpan retire, bool activateNow)
    {
        ImmutableArray<ZoneKey> mine = [.. keys.Where(key => !key.Key.IsKeySigning)];
        ImmutableArray<ZoneKey> active = [.. mine.Where(key => key.Times.StateAt(now) == KeyState.Active)];
        var successor = mine
            .Where(key => key.Times.StateAt(now) is KeyState.Waiting or KeyState.Published && key.Times.Activate is not null)
            .MinBy(key => key.Times.Activate);
        if (active.IsEmpty)
            return RollStep.Refused("no zone-signing key is active: there is nothing to roll; pbm gslb key new makes one.");
        if (successor is null)
            return activateNow
                ? RollStep.Refused("no successor is published: roll without --activate-now first.")
                : Begin(active, now, prepublish, retire);
        return activateNow ? Hasten(successor, active, now, retire) : RollStep.Wait(Waiting(successor));
    }

    private static RollStep Begin(ImmutableArray<ZoneKey> active, long now, TimeSpan prepublish, TimeSpan retire)
    {
        var from = now + (long)prepublish.TotalSeconds;
        var until = from + (long)retire.TotalSeconds;
        return new RollStep(
            new KeyTimes { Created = now, Publish = now, Activate = from },
            [.. active.Select(key => key.With(key.Times with { Inactive = from, Delete = until }))],
            null,
            [
                $"Copy the folder to every node well before {RollStep.At(from - KeyFileText.TtlSeconds)}: resolvers may keep the key set of before "
                + $"for {KeyFileText.TtlSeconds} s.",
                $"The new key signs from {RollStep.At(from)}; the old one leaves the key set at {RollStep.At(until)}. Nothing else is to be done.",
            ]);
    }

    private static RollStep Hasten(ZoneKey successor, ImmutableArray<ZoneKey> active, long now, TimeSpan retire)
    {
        var safe = (successor.Times.Publish ?? now) + KeyFileText.TtlSeconds;
        if (now < safe)
            return RollStep.Refused(
                $"key {successor.Key.Tag} may not sign yet: until {RollStep.At(safe)} resolvers may know only the key set of before it.");
        var until = now + (long)retire.TotalSeconds;
        return new RollStep(
            null,
            [
                successor.With(successor.Times with { Activate = now }),
                .. active.Select(key => key.With(key.Times with { Inactive = now, Delete = until })),
            ],
            null,
            [$"Copy the folder to every node: key {successor.Key.Tag} signs now; the old one leaves the key set at {RollStep.At(until)}."]);
    }

    private static string Waiting(ZoneKey successor) =>
        $"A roll is under way: key {successor.Key.Tag} is published since {RollStep.At(successor.Times.Publish)} and signs from "
        + $"{RollStep.At(successor.Times.Activate)}.";
}
