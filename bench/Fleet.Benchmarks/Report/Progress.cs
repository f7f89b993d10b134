using System.Diagnostics;

namespace Fleet.Benchmarks.Report;

/// <summary>Says on standard error how far long work is, every few seconds.</summary>
public sealed class Progress(string what, int total)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _since = Stopwatch.StartNew();

    public void Done(int count)
    {
        if (_since.Elapsed < Period)
            return;
        Console.Error.WriteLine($"{what}: {count} of {total}");
        _since.Restart();
    }
}
