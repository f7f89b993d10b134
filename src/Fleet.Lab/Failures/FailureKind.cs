namespace Fleet.Lab.Failures;

/// <summary>What can be made to fail.</summary>
internal enum FailureKind
{
    /// <summary>SIGKILL. The host's kernel lives on: it closes connections, and answers for addresses.</summary>
    Kill,

    /// <summary>Power lost: the links go down first, so that nothing that the kernel does for the dead leaves the host; then SIGKILL.</summary>
    PowerOff,

    /// <summary>SIGSTOP.</summary>
    Stop,

    /// <summary>SIGCONT.</summary>
    Cont,

    /// <summary>Every line of the host is unplugged.</summary>
    LinkDown,
    LinkUp,

    /// <summary>The service line alone is unplugged: the host is heard and carries nothing.</summary>
    ServiceDown,

    /// <summary>The control line alone: the host carries traffic and is not heard by the coordinators.</summary>
    ControlDown,

    /// <summary>The switch of a rack loses power: every line of it goes down.</summary>
    RackDown,
    RackUp,

    /// <summary>What passes the router to or from a place takes longer, is lost, or both.</summary>
    Delay,
    Loss,

    /// <summary>What passes the router between two places is lost, silently.</summary>
    Cut,
}

/// <summary>What is asked for.</summary>
/// <param name="Place">A host, or a rack; with delay, loss and cut also a site, <c>coordinators</c> or <c>all</c>.</param>
internal sealed record Failure(FailureKind Kind, string Place)
{
    /// <summary>Only processes that are called so; null is all.</summary>
    public string? Only { get; init; }

    /// <summary>The other end of a wire; null is everything.</summary>
    public string? To { get; init; }

    public required Topology.WireShape Shape { get; init; }

    public bool OneWay { get; init; }
}
