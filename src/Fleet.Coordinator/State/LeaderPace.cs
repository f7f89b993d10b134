using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// When the leader takes its steps: with every message, and where none comes when the next node could fall silent, or something must be settled. A fleet at rest costs twenty steps a second.
/// </summary>
internal sealed class LeaderPace(Instant began)
{
    /// <summary>A reconciliation runs at least this often; news of a node or an operator run it at once.</summary>
    private static readonly TimeSpan SettleEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>What waits for more than news is looked at as often as this: a suspect's witnesses are asked again, the next full map goes out.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private Instant stepped = began;
    private Instant settled = Instant.Never;

    public void Step(Instant now) => stepped = now;

    public bool MustSettle(Instant now) => now - settled >= SettleEvery;

    public void Settle(Instant now) => settled = now;

    /// <summary>The latest moment for the next step.</summary>
    /// <param name="isBusy">Something waits for more than news.</param>
    /// <param name="calmUntil">No node can fall silent before.</param>
    public Instant Due(bool isBusy, Instant calmUntil) => isBusy ? stepped + LookEvery : Instant.Min(settled + SettleEvery, calmUntil);
}
