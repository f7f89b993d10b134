namespace Fleet.Node.Doctor.Rules;

/// <summary>How something is on this host.</summary>
internal enum Health
{
    Ok,

    /// <summary>A node can run like that, and may be worse for it; or it cannot be seen.</summary>
    Warn,

    /// <summary>A node cannot run like that, or not for long.</summary>
    Bad,
}

/// <summary>What was found out about one matter.</summary>
/// <param name="Mend">What to do about it; null where there is nothing to do.</param>
/// <param name="Key">
/// The setting below <c>fleet.node</c> that asks what this host cannot do: an agent with it does not start. Null where it starts all the same.
/// </param>
internal sealed record Finding(Health Health, string Matter, string Found, string? Mend = null, string? Key = null)
{
    public static Finding Ok(string matter, string found) => new(Health.Ok, matter, found);

    public static Finding Warn(string matter, string found, string mend) => new(Health.Warn, matter, found, mend);

    /// <inheritdoc cref="Finding(Health, string, string, string, string)"/>
    public static Finding Bad(string matter, string found, string mend, string? key = null) => new(Health.Bad, matter, found, mend, key);
}
