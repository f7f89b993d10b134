using System.Collections.Immutable;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Shrinking;
using Fleet.Simulation.Stories;

namespace Fleet.Simulation.Recording;

/// <summary>Writes a plan down as a story, beside the others.</summary>
/// <param name="folder">Of the stories.</param>
/// <param name="origins">Where the plan comes from.</param>
public sealed class Recorder(string folder, IEnumerable<string> origins, TextWriter output)
{
    /// <param name="failure">How the plan fails; null when it does not.</param>
    /// <returns>Whether it could be told.</returns>
    public bool Record(string name, FaultPlan plan, Failure? failure)
    {
        var path = Path.Combine(folder, name + ".story");
        if (File.Exists(path))
        {
            output.WriteLine($"There is a story '{name}' already: give it another name.");
            return false;
        }

        if (Tellable(plan, failure) is not { } tellable)
            return false;
        if (StoryScript.Lost(tellable.Settings) is { IsEmpty: false } lost)
            output.WriteLine($"A story has no verb for these settings of the world, and does without: {string.Join("; ", lost)}.");
        ImmutableArray<string> why = failure is null ? [.. origins] : [failure.Law.Split('\n')[0], .. origins];
        var script = StoryScript.Write(tellable, why);
        var (story, law) = Told(script);
        File.WriteAllText(path, story);
        output.WriteLine(
            $"{Path.GetRelativePath(".", path)} is written" + (
                law is not null ? $", without what comes of it, because it fails: {law}\nOnce that is mended, FLEET_REWRITE_GOLDEN=1 records it."
                : failure is not null ? ". Told with a story's dice it does not fail: it records what happens, so read it before you keep it."
                : ". Read it, and say in its first line why it is told."));
        return true;
    }

    /// <summary>What stories have no verb for is left out, if the plan fails without it.</summary>
    private FaultPlan? Tellable(FaultPlan plan, Failure? failure)
    {
        var untold = StoryScript.Untold(plan);
        if (untold.IsEmpty)
            return plan;
        var kinds = string.Join(", ", untold.Select(f => f.Kind).Distinct());
        var rest = plan with { Faults = plan.Faults.RemoveRange(untold) };
        if (failure is not null && ParallelTrials.Play(rest)?.Name == failure.Name)
        {
            output.WriteLine($"Stories have no verb for {kinds}: left out, since the plan fails without.");
            return rest;
        }

        var matters = failure is null ? "" : ", and without that the plan does not fail";
        output.WriteLine($"This cannot be told as a story: stories have no verb for {kinds}{matters}.");
        output.WriteLine("Keep its plan instead, or give the story teller the verb.");
        return null;
    }

    /// <summary>The story, with what comes of it, and the law that it breaks.</summary>
    private static (string Story, string? Law) Told(string script)
    {
        try
        {
            return (new StoryTeller().Tell(script), null);
        }
        catch (CheckFailedException e)
        {
            return (script, e.Law);
        }
    }
}
