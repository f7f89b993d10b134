namespace Fleet.Tidy.Tests;

/// <summary>Code that the simulation runs stays in it.</summary>
public sealed class SchedulerRuleTests
{
    private const string Inside = "src/Fleet.Coordinator/Control/A.cs";

    [Fact]
    public void What_the_simulation_runs_stays_on_its_scheduler_clock_and_disk()
    {
        House.Sources.Count(file => SchedulerRules.IsRun(file.Path)).ShouldBeGreaterThan(50);
        var offences = House.Sources.SelectMany(SchedulerRules.Stays).ToArray();
        offences.ShouldBeEmpty(string.Join('\n', offences));
    }

    [Fact]
    public void Folders_and_edges_are_there()
    {
        foreach (var folder in SchedulerRules.Folders)
            House.Sources.ShouldContain(file => file.Path.StartsWith(folder + '/', StringComparison.Ordinal), folder);
        foreach (var edge in SchedulerRules.Edges)
            House.Find(edge).ShouldNotBeNull(edge);
    }

    [Theory]
    [InlineData("await Task.Run(Go);", true)]
    [InlineData("Task.Factory.StartNew(Go);", true)]
    [InlineData("task.ContinueWith(_ => Go());", true)]
    [InlineData("await Go().ConfigureAwait(false);", true)]
    [InlineData("await Go().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);", true)]
    [InlineData("await Go().ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);", false)]
    [InlineData("await foreach (var x in reader.ReadAllAsync(cancellation))", true)]
    [InlineData("await foreach (var x in reader.EachAsync(cancellation))", false)]
    [InlineData("SemaphoreSlim gate = new(1, 1);", true)]
    [InlineData("await answer.Task.WaitAsync(cancellation);", true)]
    [InlineData("Go().GetAwaiter().GetResult();", true)]
    [InlineData("await source.CancelAsync();", true)]
    [InlineData("source.Cancel();", false)]
    [InlineData("source.CancelAfter(span);", true)]
    [InlineData("new CancellationTokenSource(TimeSpan.FromSeconds(1));", true)]
    [InlineData("new CancellationTokenSource(patience);", true)]
    [InlineData("new CancellationTokenSource(span, time);", false)]
    [InlineData("new CancellationTokenSource();", false)]
    [InlineData("new Deadline(time, span, cancellation);", false)]
    [InlineData("await Task.Delay(10);", true)]
    [InlineData("await Task.Delay(10, cancellation);", true)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), cancellation);", true)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);", false)]
    [InlineData("await Task.WhenAny(leads, Task.Delay(span, time, cancellation));", true)]
    [InlineData("await Task.WhenAny(leads, over.Task); await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);", false)]
    [InlineData("new PeriodicTimer(Period);", true)]
    [InlineData("new PeriodicTimer(Period, time);", false)]
    [InlineData("new Timer(Go, null, 1, 1);", true)]
    [InlineData("var now = TimeProvider.System.GetUtcNow();", true)]
    [InlineData("var now = MonotonicClock.System.Now;", true)]
    [InlineData("var since = Stopwatch.StartNew();", true)]
    [InlineData("var now = Environment.TickCount64;", true)]
    [InlineData("new Thread(Go).Start();", true)]
    [InlineData("IAside aside = new AsideThread();", true)]
    [InlineData("File.ReadAllBytes(path);", true)]
    [InlineData("Directory.Exists(path);", true)]
    [InlineData("System.IO.Path.Combine(a, b);", false)]
    [InlineData("refusal.File.Length;", false)]
    [InlineData("new FileStream(path, mode);", true)]
    [InlineData("RandomNumberGenerator.GetBytes(4);", true)]
    [InlineData("Random.Shared.Next();", true)]
    [InlineData("new Random(seed);", false)]
    [InlineData("Guid.NewGuid();", true)]
    [InlineData("// Task.Run would leave", false)]
    public void Leaks(string code, bool isOffence)
    {
        SchedulerRules.Stays(new HouseFile(Inside, code)).Any().ShouldBe(isOffence, code);
        SchedulerRules.Stays(new HouseFile("src/Fleet.Coordinator/Publishers/A.cs", code)).ShouldBeEmpty();
    }
}
