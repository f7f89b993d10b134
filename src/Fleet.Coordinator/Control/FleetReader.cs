using Fleet.Coordinator.Core;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>What was read, and of what moment it is.</summary>
/// <param name="Age">
/// For how long, at most, what was read has been outdated: the leader was heard to have nothing newer so long ago. Zero from a leader that may
/// acknowledge things.
/// </param>
/// <param name="IsObserved">It includes what only the leader observes: loads, and when nodes were last heard.</param>
internal sealed record Seen<T>(T What, MapVersion Version, TimeSpan Age, bool IsObserved);

/// <summary>
/// Reads the fleet's state, whoever leads: from the leader's loop where this coordinator leads, else from what it has folded itself. A leader whose
/// leadership is not valid, because its store is away, answers from its own state as well, and says how old that is.
/// </summary>
internal sealed class FleetReader(Mailbox mailbox, Standby standby, Func<Leader?> leader, MonotonicClock clock)
{
    /// <exception cref="NotLeadingException">This coordinator knows nothing of the fleet whose age it could tell.</exception>
    public async Task<Seen<T>> LookAsync<T>(Func<Leader, T> read, CancellationToken cancellation)
    {
        try
        {
            return await mailbox.LookAsync(now => new Seen<T>(read(now), now.State.Map.Version, TimeSpan.Zero, true), cancellation);
        }
        catch (NotLeadingException)
        {
            return Own(read);
        }
    }

    /// <summary>
    /// The code that reads is the same: it is given a leader that has just begun and has observed nothing, so it takes nobody for silent or lost.
    /// </summary>
    private Seen<T> Own<T>(Func<Leader, T> read)
    {
        var (state, at) = Newest();
        var version = state.Map.Version;
        return new Seen<T>(read(new Leader(version.Term, state, clock.Now)), version, clock.Now - at, false);
    }

    private (FleetState State, Instant At) Newest()
    {
        if (leader() is { } former && mailbox.Gate.ValidUntil is { } until)
            return (former.State, Instant.Min(until, clock.Now));
        // The proof is looked at first: what is folded afterwards is newer still.
        var (proof, folded) = (standby.Proof, standby.Follower.Newest);
        return proof is not null && folded is not null ? (folded.State, proof.At) : throw new NotLeadingException();
    }
}
