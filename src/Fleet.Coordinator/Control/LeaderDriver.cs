using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Takes a leader through one input after another, each to its end: step, do, append, then commit or abandon. An entry is in the journal before
/// anybody hears of it. When the store answers at once, so does the driver.
/// </summary>
internal sealed partial class LeaderDriver(
    Leader leader, IFleetStore store, ILeaderEffects effects, SnapshotPace snapshots, MonotonicClock clock, Func<string> failureIds, ILogger log)
{
    private const int HeldMax = 1000;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(10);

    /// <summary>The last write, while nobody knows whether it is in the journal.</summary>
    private DoubtfulWrite? _doubt;

    public Leader Leader => leader;

    /// <summary>The outcome of every write is known.</summary>
    public bool IsSettled => _doubt is null;

    /// <summary>Carries out one input. An input that waits for a doubtful write is carried out once the outcome of that write is known.</summary>
    /// <exception cref="FencedException">Another coordinator leads: this one must not go on.</exception>
    public async Task TakeAsync(LeaderInput input, CancellationToken cancellation)
    {
        await HandleAsync(input, cancellation);
        await LookIfDueAsync(cancellation);
    }

    /// <summary>Finds out what came of a doubtful write, if there is one and it is time to.</summary>
    public Task LookIfDueAsync(CancellationToken cancellation) => _doubt is { IsDue: true } due ? LookAsync(due, cancellation) : Task.CompletedTask;

    /// <summary>Returns when the outcome of every write is known.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        for (; _doubt is { } doubtful; await Task.Delay(LookAgainAfter, clock.Time, cancellation))
            await LookAsync(doubtful, cancellation);
    }

    private Task HandleAsync(LeaderInput input, CancellationToken cancellation)
    {
        if (_doubt is not null && input is LeaderInput.Asked or LeaderInput.ProtectionCompared)
        {
            Hold(_doubt!, input);
            return Task.CompletedTask;
        }

        if (input is LeaderInput.Asked { Origin: var origin } && !effects.Begins(origin))
            return Task.CompletedTask;
        var step = Step(input);
        effects.Do(step.Works);
        return step.Entry is { } entry ? WriteAsync(entry, cancellation) : Task.CompletedTask;
    }

    /// <summary>
    /// A request or a node's message must not end the leader: the request is refused, or the node is cut off, under an id. Time passing can be
    /// nobody's fault, and a broken invariant is worse than no leader: those end the process.
    /// </summary>
    private LeaderStep Step(LeaderInput input)
    {
        try
        {
            return leader.Step(input, clock.Now, clock.Time.GetUtcNow());
        }
        catch (Exception e)
            when (e is not InvariantBrokenException && input is LeaderInput.Asked or LeaderInput.ProtectionCompared or LeaderInput.Said)
        {
            var id = failureIds();
            LogThrown(e, id, input.GetType().Name, e.Message);
            return new LeaderStep(leader.Recover(input, id), null);
        }
    }

    private async Task WriteAsync(JournalEntry entry, CancellationToken cancellation)
    {
        if (_doubt is not null)
        {
            // This entry depends on the outcome of the one before. Nobody waits for it: it comes again by itself.
            effects.Do(leader.Abandon("Nothing was changed: what became of the change before is not known yet."));
            return;
        }

        var since = clock.Now;
        try
        {
            await store.AppendAsync(entry, cancellation);
        }
        catch (StoreUnreachableException e) when (e.IsSurelyNotWritten)
        {
            LogUnwritable(e, entry.Revision);
            effects.Do(leader.Abandon($"Nothing was changed: the journal cannot be written. {e.Message}"));
            return;
        }
        catch (StoreUnreachableException e)
        {
            LogDoubtful(e, entry.Revision);
            _doubt = new DoubtfulWrite(store, clock, entry, since, leader.Doubt(entry, clock.Now));
            await LookAsync(_doubt, cancellation);
            return;
        }

        await CommitAsync(entry, cancellation);
    }

    private Task CommitAsync(JournalEntry entry, CancellationToken cancellation)
    {
        effects.Record(entry);
        effects.Do(leader.Commit(entry, clock.Now));
        return snapshots.AfterAsync(leader.State, cancellation);
    }

    /// <summary>A command waits until the outcome before it is known, but no longer than its asker does.</summary>
    private void Hold(DoubtfulWrite doubtful, LeaderInput input)
    {
        if (input is LeaderInput.Asked asked && (doubtful.IsOverdue || doubtful.Held.Count >= HeldMax))
            Refuse(asked);
        else
            doubtful.Held.Add(input);
    }

    /// <summary>Finds out what came of a write. While that cannot be known, askers that have waited too long are told so.</summary>
    private async Task LookAsync(DoubtfulWrite doubtful, CancellationToken cancellation)
    {
        var written = await doubtful.LookAsync(cancellation);
        if (written is null && !doubtful.IsOverdue)
            return;
        if (written is null)
        {
            Reply(
                doubtful,
                WaitingAsker.Unknown($"the journal failed while revision {doubtful.Entry.Revision} was being written, and cannot be read"));
            foreach (var asked in doubtful.Held.OfType<LeaderInput.Asked>())
                Refuse(asked);
            doubtful.Held.RemoveAll(input => input is LeaderInput.Asked);
            return;
        }

        LogKnown(doubtful.Entry.Revision, written.Value ? "was written" : "was not written");
        _doubt = null;
        if (written.Value)
            await CommitAsync(doubtful.Entry, cancellation);
        else
            leader.Forget();
        Reply(
            doubtful,
            written.Value ? null : WaitingAsker.Unchanged("the journal could not be written: ask again"));
        foreach (var input in doubtful.Held)
            await HandleAsync(input, cancellation);
    }

    private void Reply(DoubtfulWrite doubtful, Decision? refusal)
    {
        if (doubtful.TakeAnswer() is { } answer)
            effects.Do([answer with { Decision = refusal ?? answer.Decision, Version = leader.State.Map.Version }]);
    }

    private void Refuse(LeaderInput.Asked asked) => effects.Do([new LeaderWork.Answer(
        asked.Origin,
        WaitingAsker.Unchanged("the journal cannot be read, and what became of the change before is not known"),
        leader.State.Map.Version)]);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failure {Id}: the leader could not handle {Input}: {Reason}; it goes on as it was")]
    private partial void LogThrown(Exception exception, string id, string input, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Revision {Revision} could not be written; the fleet goes on as it was")]
    private partial void LogUnwritable(Exception exception, long revision);

    [LoggerMessage(Level = LogLevel.Error, Message = "Whether revision {Revision} was written is not known; no change is made until it is")]
    private partial void LogDoubtful(Exception exception, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Revision {Revision} {Outcome}")]
    private partial void LogKnown(long revision, string outcome);
}
