using System.Text.Json;
using Fleet.Benchmarks.Placement.Exact;
using Fleet.Benchmarks.Placement.Rivals;
using Fleet.Benchmarks.Report;

namespace Fleet.Benchmarks.Placement;

/// <summary>Runs what is asked for, prints a table for each part and the figures at the end; 1 when one is missed.</summary>
public sealed class PlacementBench(PlacementOptions options)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly TextWriter _output = options.AsJson ? Console.Error : Console.Out;

    public int Run()
    {
        var figures = new List<Figure>();
        using var pulse = new Pulse("Making ready");
        if (options.RunsAll)
        {
            Begin("Planning generated instances", new PlanningRun(options, _output).Run);
            Begin("Instances that cannot be protected", new ImpossibleRun(options, _output).Run);
            Begin("Nodes that come and go", new EventRun(options, _output).Run);
            Begin("A node that flaps", new FlapRun(_output).Run);
            pulse.Next("Comparing with hashing");
            new RivalRun(options, _output).Run();
        }

        if (options.RunsAll || options.OnlyScale)
            Begin("Large fleets against the clock", new ScaleRun(options, _output).Run);
        if (options.RunsAll || options.OnlyExact)
            Begin("Comparing with the optimum", new ExactRun(options, _output).Run);
        foreach (var figure in figures)
            _output.WriteLine(figure);
        if (options.AsJson)
            Console.Out.WriteLine(JsonSerializer.Serialize(figures, Indented));
        var missed = figures.Count(figure => !figure.IsMet);
        _output.WriteLine(
            missed == 0
                ? $"All {figures.Count(figure => figure.Limit is not null)} figures are met."
                : $"{missed} of {figures.Count(figure => figure.Limit is not null)} figures are missed.");
        return missed == 0 ? 0 : 1;

        void Begin(string part, Func<IEnumerable<Figure>> run)
        {
            pulse.Next(part);
            figures.AddRange(run());
        }
    }
}
