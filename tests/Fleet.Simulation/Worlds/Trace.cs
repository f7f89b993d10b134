namespace Fleet.Simulation.Worlds;

/// <summary>The newest lines of what happened, with their true time.</summary>
public sealed class Trace
{
    private const int Kept = 60;

    private readonly Queue<string> lines = new();

    public void Add(long now, string what)
    {
        lines.Enqueue($"{now / 1000.0,12:0.000} ms  {what}");
        if (lines.Count > Kept)
            lines.Dequeue();
    }

    public override string ToString() => string.Join('\n', lines);
}
