namespace Fleet.Shared.Dns.Security;

/// <summary>What a key is for at a moment, derived from its times.</summary>
public enum KeyState
{
    /// <summary>The key is there, but not in DNS yet.</summary>
    Waiting,

    /// <summary>In the key set, so that resolvers learn it; signs nothing.</summary>
    Published,

    /// <summary>In the key set, and signs.</summary>
    Active,

    /// <summary>In the key set for what it signed earlier; signs nothing any more.</summary>
    Retired,

    /// <summary>No longer in DNS.</summary>
    Removed,
}

/// <summary>
/// When a key comes and goes, in seconds since 1970 UTC; null is never. The names are those of BIND's key files; the meaning is RFC 7583's.
/// </summary>
public sealed record KeyTimes
{
    /// <summary>When it was made.</summary>
    public long? Created { get; init; }

    /// <summary>When it enters the key set.</summary>
    public long? Publish { get; init; }

    /// <summary>When it begins to sign; it is in the key set from then on in any case.</summary>
    public long? Activate { get; init; }

    /// <summary>When it ceases to sign.</summary>
    public long? Inactive { get; init; }

    /// <summary>When it leaves the key set.</summary>
    public long? Delete { get; init; }

    /// <summary>From when CDS and CDNSKEY ask the parent for it.</summary>
    public long? SyncPublish { get; init; }

    /// <summary>When CDS and CDNSKEY cease to ask the parent for it.</summary>
    public long? SyncDelete { get; init; }

    /// <summary>What the key is for at <paramref name="now"/>.</summary>
    public KeyState StateAt(long now)
    {
        if (Delete <= now)
            return KeyState.Removed;
        if (Inactive <= now)
            return KeyState.Retired;
        if (Activate <= now)
            return KeyState.Active;
        return Publish <= now ? KeyState.Published : KeyState.Waiting;
    }

    /// <summary>Whether CDS and CDNSKEY offer it at <paramref name="now"/>.</summary>
    public bool IsOfferedAt(long now) => SyncPublish <= now && !(SyncDelete <= now) && StateAt(now) is (KeyState.Published or KeyState.Active);

    /// <summary>When the present state began; null for a key that waits.</summary>
    public long? SinceAt(long now) => StateAt(now) switch
    {
        KeyState.Removed => Delete,
        KeyState.Retired => Inactive,
        KeyState.Active => Activate,
        KeyState.Published => Publish,
        _ => null,
    };

    /// <summary>The first moment after <paramref name="now"/> at which anything changes; null where nothing will.</summary>
    public long? NextChangeAfter(long now)
    {
        long? next = null;
        foreach (var moment in (ReadOnlySpan<long?>)[Publish, Activate, Inactive, Delete, SyncPublish, SyncDelete])
        {
            if (moment > now && !(next <= moment))
                next = moment;
        }

        return next;
    }
}
