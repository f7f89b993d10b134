using System.Collections.Immutable;
using System.Globalization;

namespace Fleet.Benchmarks.Storm.Faults;

/// <summary>What is killed or stopped.</summary>
public enum Part
{
    Agent,

    /// <summary>The one that carries the traffic, without its spare.</summary>
    Relay,

    /// <summary>Agent, relay and spare in one moment: the machine has lost its power.</summary>
    Host,

    Coordinator,
}

/// <summary>Where a fault strikes.</summary>
/// <param name="Node">Empty for the coordinator.</param>
public readonly record struct Place(Part Part, string Node)
{
    public override string ToString() => Part == Part.Coordinator ? "coordinator" : $"{Part.ToString().ToLowerInvariant()} of {Node}";
}

/// <summary>Which lines of a node.</summary>
public enum Lines
{
    /// <summary>To the coordinator.</summary>
    Link,

    /// <summary>Its datagrams to and from its peers.</summary>
    Watch,

    /// <summary>Both: the node is cut off, and its clients still reach it.</summary>
    All,
}

/// <summary>Seen from the node.</summary>
public enum Direction
{
    Out,
    In,
    Both,
}

/// <summary>What an operator does.</summary>
public enum Verb
{
    Drain,
    Cordon,
    Apply,
    Remove,

    /// <summary>Something that must be refused, and change nothing.</summary>
    Wrong,
}

/// <summary>One thing that goes wrong, as data: when it begins, counted from the episode's start, and how long it lasts.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    public required TimeSpan At { get; init; }

    public TimeSpan Lasts { get; init; }

    /// <summary>In words, for the log.</summary>
    public abstract string Text { get; }

    private string For => $"for {Lasts.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms";

    /// <summary><c>kill -9</c>; what was killed is started again when it has lasted. A relay is replaced by its agent.</summary>
    public sealed record Kill(Place Place) : Fault
    {
        public override string Text => $"kill {Place}, back after {Lasts.TotalMilliseconds:0} ms";
    }

    /// <summary>SIGSTOP, and SIGCONT when it has lasted.</summary>
    public sealed record Stop(ImmutableArray<Place> Places) : Fault
    {
        public override string Text => $"stop {string.Join(", ", Places)} {For}";
    }

    /// <summary>A node's lines are long, each direction in its own way; datagrams to it are late too.</summary>
    public sealed record Slow(string Node, int OutMs, int InMs, int WitnessMs) : Fault
    {
        public override string Text => $"slow {Node}, link {OutMs} ms out and {InMs} ms in, datagrams {WitnessMs} ms, {For}";
    }

    /// <param name="Every">Flapping: whole and cut in turn; null is cut all the time.</param>
    public sealed record Cut(string Node, Lines Lines, Direction Direction, TimeSpan? Every) : Fault
    {
        public override string Text =>
            $"{(Every is { } every ? $"flap every {every.TotalMilliseconds:0} ms" : "cut")} {Lines} of {Node} {Direction} {For}".ToLowerInvariant();
    }

    /// <summary>Of the datagrams to a node, this part is lost.</summary>
    public sealed record Lossy(string Node, double Loss) : Fault
    {
        public override string Text => $"lose {Loss.ToString("P0", CultureInfo.InvariantCulture)} of the datagrams to {Node} {For}";
    }

    /// <summary>A node that is away starts.</summary>
    public sealed record Join(string Node) : Fault
    {
        public override string Text => $"join {Node}";
    }

    /// <summary>A node is told to leave the fleet.</summary>
    public sealed record Leave(string Node) : Fault
    {
        public override string Text => $"leave {Node}";
    }

    /// <summary>A command.</summary>
    /// <param name="Target">Node or service; of a wrong command, which one of them.</param>
    public sealed record Order(Verb Verb, string Target) : Fault
    {
        public override string Text => $"order {Verb} {Target}".ToLowerInvariant();
    }
}

/// <summary>Faults that overlap, or one alone; after it the fleet must heal.</summary>
/// <param name="CalmKill">It is a host's sudden end in a fleet that has come to rest, for which a bound is promised.</param>
public sealed record Episode(ImmutableArray<Fault> Faults, bool CalmKill);
