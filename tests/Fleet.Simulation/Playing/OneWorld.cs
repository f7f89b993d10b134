using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Plans;
using Fleet.Simulation.Recording;
using Fleet.Simulation.Shrinking;

namespace Fleet.Simulation.Playing;

/// <summary>One world, from a seed or from a file: plays it, tells its story, makes it smaller, writes it down.</summary>
/// <param name="root">The folder of the checkout.</param>
public sealed class OneWorld(SimRequest request, string root, TextWriter output)
{
    private string Name => request.Plan is { } file ? file : $"Seed {request.Seed}";

    private string Arguments => request.Plan is { } file ? $"--plan {file}" : request.Options.Arguments(request.Options.From);

    /// <summary>Where the plan comes from: what its file says of that, and what was done to it now.</summary>
    private IEnumerable<string> Origins
    {
        get
        {
            var said = request.Plan is { } file ? File.ReadLines(file).Where(l => l.StartsWith("# From ", StringComparison.Ordinal)).ToArray() : [];
            var now = $"From ./fleet sim {Arguments}{(request.Shrink ? " --shrink" : "")}, commit {Commit.Here}.";
            return said.Length > 0 && !request.Shrink ? said.Select(l => l[2..]) : said.Select(l => l[2..]).Append(now);
        }
    }

    /// <returns>The exit code.</returns>
    /// <exception cref="FormatException">The file holds no plan.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public int Run()
    {
        var plan = request.Plan is { } file ? PlanText.Read(File.ReadAllText(file)) : request.Options.Plan(request.Options.From);
        if (request.Trace)
            return Trace(plan);
        var failure = ParallelTrials.Play(plan);
        output.WriteLine(failure is null ? $"{Name} is well." : Failed(failure.Law) + $"\n    Again:   ./fleet sim {Arguments} --trace");
        if (request.Shrink && failure is null)
            output.WriteLine("There is nothing to shrink.");
        else if (request.Shrink)
            (plan, failure) = Shrink(new Found(plan, failure!));
        else if (failure is not null)
            output.WriteLine($"    Smaller: ./fleet sim {Arguments} --shrink");
        if (request.Record is not { } name)
            return failure is null ? 0 : 1;
        return new Recorder(Path.Combine(root, "tests", "Fleet.Simulation", "Stories"), Origins, output).Record(name, plan, failure) ? 0 : 1;
    }

    private int Trace(FaultPlan plan)
    {
        try
        {
            Play.Run(plan, output.WriteLine);
            return 0;
        }
        catch (CheckFailedException e)
        {
            output.WriteLine(Failed(e.Law));
            return 1;
        }
    }

    private string Failed(string law) => $"{Name} fails: {law}\n    Commit:  {Commit.Here}";

    private Found Shrink(Found found)
    {
        var small = new ShrinkRun(TimeSpan.FromMinutes(request.ShrinkMinutes ?? SimRequest.UsualShrinkMinutes), output).Run(found);
        var name = request.Plan is { } plan ? $"{Path.GetFileNameWithoutExtension(plan)}-smaller.plan" : $"seed-{request.Seed}.plan";
        var file = Path.Combine("artifacts", "sim", name);
        var text = PlanText.Write(small.Plan, Origins.Prepend($"Fails: {small.Failure.Law.Split('\n')[0]}"));
        Directory.CreateDirectory(Path.Combine(root, "artifacts", "sim"));
        File.WriteAllText(Path.Combine(root, file), text);
        output.WriteLine(
            $"""

            {text}
            It is in {file}.
                Again:   ./fleet sim --plan {file} --trace
                Story:   ./fleet sim --plan {file} --record NAME
            """);
        return small;
    }
}
