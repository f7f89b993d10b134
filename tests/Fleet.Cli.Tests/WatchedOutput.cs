namespace Fleet.Cli.Tests;

/// <summary>What pbm prints, to be looked at while it runs: a fixed wait would be too short on a busy machine.</summary>
internal sealed class WatchedOutput : StringWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private volatile string _flushed = "";

    public override void Flush() => _flushed = ToString();

    /// <summary>Returns when the text has been printed.</summary>
    /// <exception cref="OperationCanceledException">It was not in time.</exception>
    public async Task ShowsAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!_flushed.Contains(text, StringComparison.Ordinal))
            await Task.Delay(5, limit.Token);
    }
}
