namespace Fleet.Demo.Clients;

/// <summary>
/// A token that is cancelled when one probe takes too long. It is made anew only when that happened: thousands of probes a second must cost little
/// themselves.
/// </summary>
internal sealed class ProbePatience(TimeSpan patience, CancellationToken cancellation) : IDisposable
{
    private CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    /// <summary>For the next probe; the one before must be over.</summary>
    public CancellationToken Next()
    {
        if (_source.IsCancellationRequested)
        {
            _source.Dispose();
            _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        }

        _source.CancelAfter(patience);
        return _source.Token;
    }

    public void Dispose() => _source.Dispose();
}
