namespace Fleet.Coordinator.Control;

/// <summary>
/// How long somebody waits for what must pass the gate: until they are called off, or it has been shut for
/// <see cref="AcknowledgementGate.WaitMax"/>.
/// </summary>
internal sealed class GateWait : IDisposable
{
    private readonly AcknowledgementGate _gate;
    private readonly CancellationToken _asker;
    private readonly CancellationTokenSource _end;
    private readonly IDisposable? _watch;

    /// <param name="shut">Called when it has been shut for too long.</param>
    public GateWait(AcknowledgementGate gate, Action shut, CancellationToken asker)
    {
        (_gate, _asker) = (gate, asker);
        _end = CancellationTokenSource.CreateLinkedTokenSource(asker);
        _watch = gate.OnShut(() =>
        {
            shut();
            End();
        });
    }

    /// <summary>False when the wait was too long.</summary>
    /// <exception cref="NotLeadingException">There is no leadership to wait for.</exception>
    public async ValueTask<bool> PassAsync()
    {
        try
        {
            await _gate.PassAsync(_end.Token);
            return true;
        }
        catch (OperationCanceledException) when (!_asker.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _end.Dispose();
    }

    private void End()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }
}
