using Fleet.Demo.Processes;
using Fleet.Shared.Shell;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>What pbm said, and how long it took from its start to its end.</summary>
internal sealed record PbmRun(int ExitCode, string Text, TimeSpan Took)
{
    public static async Task<PbmRun> OfAsync(params string[] arguments)
    {
        var log = Path.Combine(Path.GetTempPath(), $"pbm-{Guid.NewGuid():N}.log");
        var since = MonotonicClock.System.Now;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await using var pbm = ChildProcess.Start("pbm", Programs.Pbm, arguments, log);
            await pbm.WaitAsync(patience.Token);
            return new PbmRun(pbm.ExitCode, await File.ReadAllTextAsync(log, patience.Token), MonotonicClock.System.Now - since);
        }
        finally
        {
            File.Delete(log);
        }
    }
}
