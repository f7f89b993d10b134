using System.Text.Json;
using Fleet.Benchmarks.Placement.Exact;
using Fleet.Benchmarks.Placement.Rivals;
using Fleet.Benchmarks.Report;

namespace Fleet.Benchmarks.Placement;

/// <summary>Runs what is asked for, prints a table for each part and the figures at the end; 1 when one is missed.</summary>
public sealed class PlacementBench(PlacementOptions options)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly TextWriter output = options.AsJson ? Console.Error : Console.Out;

    public int Run()
    {
        var figures = new List<Figure>();
        if (options.RunsAll)
        {
            figures.AddRange(new PlanningRun(options, output).Run());
            figures.AddRange(new ImpossibleRun(options, output).Run());
            figures.AddRange(new EventRun(options, output).Run());
            figures.AddRange(new FlapRun(output).Run());
            new RivalRun(options, output).Run();
        }

        if (options.RunsAll || options.OnlyScale)
            figures.AddRange(new ScaleRun(options, output).Run());
        if (options.RunsAll || options.OnlyExact)
            figures.AddRange(new ExactRun(options, output).Run());
        foreach (var figure in figures)
            output.WriteLine(figure);
        if (options.AsJson)
            Console.Out.WriteLine(JsonSerializer.Serialize(figures, Indented));
        var missed = figures.Count(figure => !figure.IsMet);
        output.WriteLine(missed == 0 ? $"All {figures.Count(figure => figure.Limit is not null)} figures are met." : $"{missed} of {figures.Count(figure => figure.Limit is not null)} figures are missed.");
        return missed == 0 ? 0 : 1;
    }
}
