using System.Globalization;
using Fleet.Mutants.Running;

namespace Fleet.Mutants.Telling;

/// <summary>Says what happens while it happens, one line each, on standard error.</summary>
public sealed class Progress(int count)
{
    private readonly Lock _lock = new();
    private int _done;

    public static void Say(string what) => Console.Error.WriteLine(what);

    public static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");

    public void Tell(Verdict verdict)
    {
        lock (_lock)
            Say(
                $"[{++_done,3}/{count}] {verdict.Mutant.Id,-60} {(verdict.Caught is null ? "SURVIVES" : $"caught by {verdict.By}")} after "
                + $"{Seconds(verdict.Took)}");
    }
}
