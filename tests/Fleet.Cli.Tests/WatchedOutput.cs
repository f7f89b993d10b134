namespace Fleet.Cli.Tests;

/// <summary>What pbm prints, to be looked at while it runs: a fixed wait would be too short on a busy machine.</summary>
internal sealed class WatchedOutput : StringWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private volatile string flushed = "";

    public override void Flush() => flushed = ToString();

    /// <summary>Returns when the text has been printed.</summary>
    /// <exception cref="OperationCanceledException">It was not in time.</exception>
    public async Task ShowsAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!flushed.Contains(text, StringComparison.Ordinal))
            await Task.Delay(5, limit.Token);
    }
}
