using Fleet.Benchmarks.Report;
using Fleet.Placement.Generator;
using Fleet.Placement.Proof;

namespace Fleet.Benchmarks.Placement;

/// <summary>Instances that no placement can protect: the bounds must say so.</summary>
public sealed class ImpossibleRun(PlacementOptions options, TextWriter output)
{
    public IEnumerable<Figure> Run()
    {
        var count = Math.Max(40, options.Instances / 20);
        var seen = new SortedDictionary<string, (int Count, int Told, string Sentence)>(StringComparer.Ordinal);
        var progress = new Progress("impossible instances", count);
        for (var (seed, done) = (options.Seed, 0); done < count; seed++)
        {
            var shape = InstanceClasses.Draw(seed);
            if (shape.Nodes > 100)
                continue;
            var impossible = ImpossibleInstance.Create(shape);
            var shortage = Bounds.Shortage(impossible.Problem);
            var (all, told, sentence) = seen.GetValueOrDefault(impossible.Reason);
            seen[impossible.Reason] = (all + 1, told + (shortage is null ? 0 : 1), shortage?.Sentence ?? sentence);
            if (shortage is null)
                output.WriteLine($"not seen: seed {seed}, {impossible.Reason}");
            progress.Done(++done);
        }

        var table = new TextTable("impossible because of", "instances", "told", "such as");
        foreach (var (reason, (all, told, sentence)) in seen)
            table.Add(reason, $"{all}", $"{told}", sentence);
        table.Print(output);
        yield return new Figure("impossible instances that the bounds do not see", seen.Values.Sum(s => s.Count - s.Told), 0);
    }
}
