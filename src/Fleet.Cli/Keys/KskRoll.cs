using System.Collections.Immutable;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Keys;

/// <summary>
/// Rolls a key-signing key by the double-KSK method (RFC 7583 3.3.1). Old and new sign the key set side by side. Once every resolver knows the new
/// one, the parent's DS is changed. Once nobody keeps the old DS, the old key goes. Only a person, or the parent by CDS (RFC 7344), can change the
/// DS, so the second step waits to be told.
/// </summary>
internal static class KskRoll
{
    /// <summary>The next step for the keys of one zone.</summary>
    /// <param name="keys">All keys of the zone.</param>
    /// <param name="now">The moment, in seconds since 1970.</param>
    /// <param name="prepublish">How long the successor is in the key set before the DS may change.</param>
    /// <param name="dsChanged">The parent has the new DS since <paramref name="now"/> at the latest.</param>
    /// <param name="dsTtl">How long resolvers may keep the old DS, and how long it may take to leave the parent's servers.</param>
    public static RollStep Next(IReadOnlyCollection<ZoneKey> keys, long now, TimeSpan prepublish, bool dsChanged, TimeSpan dsTtl)
    {
        ImmutableArray<ZoneKey> active =
        [
            .. keys.Where(key => key.Key.IsKeySigning && key.Times.StateAt(now) == KeyState.Active).OrderBy(key => key.Times.Activate),
        ];
        if (active.IsEmpty)
            return RollStep.Refused("no key-signing key is active: there is nothing to roll; pbm gslb key new makes one.");
        if (active.Length == 1)
            return dsChanged ? RollStep.Refused("no roll of the key-signing key is under way.") : Begin(active, now, prepublish);
        var successor = active[^1];
        ImmutableArray<ZoneKey> old = [.. active[..^1]];
        if (old.All(key => key.Times.Inactive is not null))
            return RollStep.Wait($"The roll ends by itself: the old key leaves the key set at {RollStep.At(old.Max(key => key.Times.Inactive))}.");
        return dsChanged
            ? End(successor, old, now, dsTtl)
            : RollStep.Wait(ToDo(successor.Times.SyncPublish, $"key {successor.Key.Tag}", successor.Zone.ToString()));
    }

    private static RollStep Begin(ImmutableArray<ZoneKey> active, long now, TimeSpan prepublish)
    {
        var from = now + (long)prepublish.TotalSeconds;
        return new RollStep(
            new KeyTimes { Created = now, Publish = now, Activate = now, SyncPublish = from },
            [.. active.Select(key => key.With(key.Times with { SyncDelete = from }))],
            null,
            [
                $"Copy the folder to every node well before {RollStep.At(from - KeyFileText.TtlSeconds)}: resolvers may keep the key set of before "
                + $"for {KeyFileText.TtlSeconds} s.",
                .. ToDo(from, "the new key", active[0].Zone.ToString()),
            ]);
    }

    private static RollStep End(ZoneKey successor, ImmutableArray<ZoneKey> old, long now, TimeSpan dsTtl)
    {
        if (now < successor.Times.SyncPublish)
        {
            return RollStep.Refused(
                $"the DS should not have been changed before {RollStep.At(successor.Times.SyncPublish)}, when every resolver knows key "
                + $"{successor.Key.Tag}; the old key stays.");
        }

        var until = now + (long)dsTtl.TotalSeconds;
        return new RollStep(
            null,
            [.. old.Select(key => key.With(key.Times with { Inactive = until, Delete = until }))],
            null,
            [
                $"Copy the folder to every node. The old key leaves the key set at {RollStep.At(until)}, when no resolver keeps the old DS; then "
                + $"the roll has ended.",
            ]);
    }

    private static string[] ToDo(long? from, string key, string zone) =>
    [
        $"From {RollStep.At(from)} on, and not before: have the parent replace its DS by that of {key} (pbm gslb key ds --zone {zone}); parents "
        + $"that read CDS do so by themselves.",
        $"When the parent's servers all show the new DS: pbm gslb key roll --zone {zone} --ksk --ds-changed",
    ];
}
