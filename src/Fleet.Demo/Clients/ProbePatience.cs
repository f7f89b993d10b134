namespace Fleet.Demo.Clients;

/// <summary>A token that is cancelled when one probe takes too long, made anew only when one did: thousands of probes a second must cost little themselves.</summary>
public sealed class ProbePatience(TimeSpan patience, CancellationToken cancellation) : IDisposable
{
    private CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    /// <summary>For the next probe; the one before must be over.</summary>
    public CancellationToken Next()
    {
        if (source.IsCancellationRequested)
        {
            source.Dispose();
            source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        }

        source.CancelAfter(patience);
        return source.Token;
    }

    public void Dispose() => source.Dispose();
}
