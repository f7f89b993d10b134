namespace Fleet.Benchmarks.Faults.Faults;

/// <summary>Whom a fault meets; which one of its kind is drawn, or is found when it strikes.</summary>
internal enum VictimKind
{
    /// <summary>Any coordinator.</summary>
    Coordinator,

    /// <summary>The coordinator that leads then.</summary>
    Leader,

    /// <summary>Any member of the store.</summary>
    Member,

    /// <summary>The member that leads the store's raft group then.</summary>
    RaftLeader,

    Postgres,
}

internal enum FaultKind
{
    /// <summary><c>kill -9</c>; started again after <see cref="Fault.Lasts"/>.</summary>
    Kill,

    /// <summary><c>SIGSTOP</c>, and <c>SIGCONT</c> after <see cref="Fault.Lasts"/>.</summary>
    Stop,
}

/// <param name="At">Since the beginning.</param>
/// <param name="Which">Of several of a kind, the one with this number, modulo their count.</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, VictimKind Victim, int Which, TimeSpan Lasts)
{
    public override string ToString() => $"{Kind} {Victim} {Which} for {Lasts.TotalMilliseconds:0} ms";
}
