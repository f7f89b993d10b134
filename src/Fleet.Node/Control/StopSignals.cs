using System.Runtime.InteropServices;
using Fleet.Node.Core;

namespace Fleet.Node.Control;

/// <summary>
/// SIGTERM and SIGINT, from the agent's first moment on. While the agent starts, they end the start, which has taken nothing yet. Once the agent
/// runs, it hands its VIPs over first. Without this, an early signal would kill the process like any other.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly NodeMailbox _mailbox;
    private readonly CancellationTokenSource _start;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private bool _runs;

    public StopSignals(NodeMailbox mailbox, CancellationToken cancellation)
    {
        _mailbox = mailbox;
        _start = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear), PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear)];
    }

    /// <summary>Cancelled by a signal that comes before <see cref="Run"/>.</summary>
    public CancellationToken Start => _start.Token;

    /// <summary>From here on, a signal tells the agent through its mailbox to stop.</summary>
    /// <exception cref="OperationCanceledException">A signal came before.</exception>
    public void Run()
    {
        lock (_gate)
        {
            _start.Token.ThrowIfCancellationRequested();
            _runs = true;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _start.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            if (_runs)
                _mailbox.Tell(new NodeInput.StopAsked());
            else
                _start.Cancel();
        }
    }
}
