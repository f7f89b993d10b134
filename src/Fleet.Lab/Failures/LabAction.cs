using Fleet.Demo.Processes;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Failures;

/// <summary>One thing that is done to a lab. Carried out in order by <see cref="FailureRun"/>.</summary>
internal abstract record LabAction
{
    private LabAction()
    {
    }

    /// <summary>A port of a switch loses its line, or gets it back: the other end sees it at once.</summary>
    /// <param name="Place">Whose namespace the port is in.</param>
    internal sealed record SetPort(string Place, string Port, bool IsUp) : LabAction
    {
        public override string ToString() => $"port {Port} of {Place} {(IsUp ? "up" : "down")}";
    }

    /// <summary>A signal to the processes of a host.</summary>
    /// <param name="Only">Only to those that are called so; null is all.</param>
    internal sealed record SignalHost(string Host, Signal Signal, string? Only) : LabAction
    {
        public override string ToString() => $"SIG{Signal} to {Only ?? "everything"} on {Host}";
    }

    internal sealed record SetWire(LabWire Wire) : LabAction
    {
        public override string ToString() => $"{Wire.From} {(Wire.BothWays ? "<->" : "->")} {Wire.To}: {Wire.Shape}";
    }

    /// <summary>Processes that the lab had started on a host and that have ended are started again.</summary>
    internal sealed record Restart(string Host) : LabAction
    {
        public override string ToString() => $"what has ended on {Host} is started again";
    }

    /// <summary>Every wire is as it was when the lab was built.</summary>
    internal sealed record ResetWires : LabAction
    {
        public override string ToString() => "wires as they were at the start";
    }
}
