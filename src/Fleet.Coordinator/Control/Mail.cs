using Fleet.Coordinator.Core;

namespace Fleet.Coordinator.Control;

/// <summary>
/// What lies in the coordinator's one mailbox: an input for the leader, or a question that is answered from its state, inside the loop.
/// </summary>
internal abstract record Mail
{
    private Mail()
    {
    }

    public sealed record Input(LeaderInput What) : Mail;

    /// <param name="Read">Runs inside the loop; it must be quick and change nothing.</param>
    public sealed record Look(Action<Leader> Read) : Mail;
}
