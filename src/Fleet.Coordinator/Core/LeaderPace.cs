using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>
/// When the leader takes its steps: with every message, and without one when the next node could fall silent or something must be settled. A fleet at
/// rest costs twenty steps a second.
/// </summary>
internal sealed class LeaderPace(Instant began)
{
    /// <summary>A reconciliation runs at least this often; news from a node or an operator runs it at once.</summary>
    private static readonly TimeSpan SettleEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The pace while something waits for more than news: a suspect's witnesses are asked again, or the next full map goes out.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private Instant _stepped = began;
    private Instant _settled = Instant.Never;

    public void Step(Instant now) => _stepped = now;

    public bool MustReconcile(Instant now) => now - _settled >= SettleEvery;

    public void MarkReconciled(Instant now) => _settled = now;

    /// <summary>The latest moment for the next step.</summary>
    /// <param name="isBusy">Something waits for more than news.</param>
    /// <param name="calmUntil">No node can fall silent before this.</param>
    public Instant Due(bool isBusy, Instant calmUntil) => isBusy ? _stepped + LookEvery : Instant.Min(_settled + SettleEvery, calmUntil);
}
