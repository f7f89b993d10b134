using System.Diagnostics;

namespace Fleet.Benchmarks.Report;

/// <summary>
/// Says at once what is being done, and every few seconds that it still is, and for how long: whoever waits can tell long work from work that hangs.
/// On standard error, so that figures stay by themselves.
/// </summary>
public sealed class Pulse : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly TextWriter _output;
    private readonly Timer _timer;
    private volatile string _part;

    /// <param name="part">What is being done first, as it is said: "the planner on 400 instances".</param>
    public Pulse(string part, TextWriter? output = null, TimeSpan? period = null)
    {
        (_part, _output) = (part, TextWriter.Synchronized(output ?? Console.Error));
        _output.WriteLine($"{part} ...");
        _timer = new Timer(_ => _output.WriteLine($"{_part}: {_since.Elapsed.TotalSeconds:0} s so far"), null, period ?? Period, period ?? Period);
    }

    /// <summary>Something else is being done from now on.</summary>
    public void Next(string part)
    {
        _part = part;
        _since.Restart();
        _output.WriteLine($"{part} ...");
    }

    public void Dispose() => _timer.Dispose();
}
