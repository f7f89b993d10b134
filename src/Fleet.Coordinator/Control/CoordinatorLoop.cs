using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>Who this coordinator is, and what it brings to a fleet that has no history.</summary>
/// <param name="Address">Where the others find its API.</param>
/// <param name="FirstCommands">Carried out when the journal is empty.</param>
/// <param name="EveryTerm">Carried out at the beginning of every term.</param>
public sealed record CoordinatorIdentity(string Name, string Address, int SnapshotEvery, IReadOnlyList<Command> FirstCommands, IReadOnlyList<Command> EveryTerm);

/// <summary>
/// The one loop: campaigns, reads the journal, then takes one input after the other to its end. An entry is in the journal before anybody hears of it. When another
/// coordinator has led since, the process must not go on: the loop ends with <see cref="FencedException"/>.
/// </summary>
public sealed partial class CoordinatorLoop(
    IFleetStore store,
    Mailbox mailbox,
    NodeLinks links,
    Chronicle chronicle,
    PlanRoom planRoom,
    CoordinatorIdentity identity,
    MonotonicClock clock,
    IHostApplicationLifetime lifetime,
    ILogger<CoordinatorLoop> log) : BackgroundService
{
    private const int HeldMax = 1000;

    private long snapshotAt;

    /// <summary>The last write, while nobody knows whether it is in the journal.</summary>
    private DoubtfulWrite? doubt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            Rehearsal.Play();
            var leader = await BeginTermAsync(stoppingToken);
            mailbox.IsLeading = true;
            await foreach (var mail in mailbox.Reader.ReadAllAsync(stoppingToken))
            {
                await HandleAsync(leader, mail, stoppingToken);
                if (doubt is { IsDue: true })
                    await LookAsync(leader, doubt, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(identity.Name);
        }
        catch (Exception e)
        {
            // A deposed leader, or a broken invariant: whatever it is, this process must not speak for the fleet any more.
            LogFailed(e, e.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        finally
        {
            mailbox.IsLeading = false;
        }
    }

    private async Task<Leader> BeginTermAsync(CancellationToken cancellation)
    {
        var term = await store.CampaignAsync($"{identity.Name}@{identity.Address}", cancellation);
        var state = Readmission.Whole(await store.LoadSnapshotAsync(cancellation) ?? FleetState.Empty);
        snapshotAt = state.Map.Version.Revision;
        await foreach (var entry in store.ReadAsync(snapshotAt + 1, cancellation))
        {
            state = Evolver.Evolve(state, Readmission.Whole(entry));
            chronicle.Record(entry);
        }

        var isNew = state.Map.Version.Revision == 0;
        var first = new JournalEntry(state.Map.Version.Revision + 1, term, clock.Time.GetUtcNow(), identity.Name, [new FleetEvent.TermBegun(term, identity.Name), .. Readmission.Judge(state)]);
        await store.AppendAsync(first, cancellation);
        chronicle.Record(first);
        var leader = new Leader(term, Evolver.Evolve(state, first), clock.Now);
        LogLeading(identity.Name, term, leader.State.Map.Version.Revision);
        foreach (var (service, why) in leader.State.LeftOut)
            LogLeftOut(service, why);
        foreach (var command in isNew ? [.. identity.EveryTerm, .. identity.FirstCommands] : identity.EveryTerm)
        {
            await HandleAsync(leader, new Mail.Input(new LeaderInput.Asked(0, command, "configuration", null)), cancellation);
            for (; doubt is not null; await Task.Delay(10, cancellation))
                await LookAsync(leader, doubt, cancellation);
        }

        return leader;
    }

    private async Task HandleAsync(Leader leader, Mail mail, CancellationToken cancellation)
    {
        switch (mail)
        {
            case Mail.Look look:
                look.Read(leader);
                break;
            case Mail.Input { What: LeaderInput.Asked or LeaderInput.Judged } input when doubt is not null:
                Hold(leader, doubt, input.What);
                break;
            case Mail.Input input:
                var step = Step(leader, input.What);
                Do(step.Works);
                if (step.Entry is { } entry)
                    await WriteAsync(leader, entry, cancellation);
                break;
        }
    }

    /// <summary>
    /// What somebody asked for or a node said must not end the leader: it is refused, or cut off, under an id. Time passing can be nobody's fault, and a broken invariant is
    /// worse than no leader: those end the process.
    /// </summary>
    private LeaderStep Step(Leader leader, LeaderInput input)
    {
        try
        {
            return leader.Step(input, clock.Now, clock.Time.GetUtcNow());
        }
        catch (Exception e) when (e is not InvariantBrokenException && input is LeaderInput.Asked or LeaderInput.Judged or LeaderInput.Said)
        {
            var id = FailureId.New();
            LogThrown(e, id, input.GetType().Name, e.Message);
            return new LeaderStep(leader.Recover(input, id), null);
        }
    }

    private async Task WriteAsync(Leader leader, JournalEntry entry, CancellationToken cancellation)
    {
        if (doubt is not null)
        {
            // What came of the entry before decides what this one follows. Nobody waits for it: it comes again by itself.
            Do(leader.Abandon("What became of the change before is not known yet; nothing was changed."));
            return;
        }

        try
        {
            await store.AppendAsync(entry, cancellation);
        }
        catch (StoreUnreachableException e) when (e.IsSurelyNotWritten)
        {
            LogUnwritable(e, entry.Revision);
            Do(leader.Abandon($"The journal cannot be written, nothing was changed: {e.Message}"));
            return;
        }
        catch (StoreUnreachableException e)
        {
            LogDoubtful(e, entry.Revision);
            doubt = new DoubtfulWrite(store, clock, entry, leader.Doubt(entry, clock.Now));
            await LookAsync(leader, doubt, cancellation);
            return;
        }

        await CommitAsync(leader, entry, cancellation);
    }

    private async Task CommitAsync(Leader leader, JournalEntry entry, CancellationToken cancellation)
    {
        chronicle.Record(entry);
        Do(leader.Commit(entry, clock.Now));
        await SnapshotAsync(leader, cancellation);
    }

    /// <summary>A command waits until it is known what it follows, but no longer than its asker does.</summary>
    private void Hold(Leader leader, DoubtfulWrite doubtful, LeaderInput input)
    {
        if (input is LeaderInput.Asked asked && (doubtful.IsOverdue || doubtful.Held.Count >= HeldMax))
            Refuse(leader, asked);
        else
            doubtful.Held.Add(input);
    }

    /// <summary>Finds out what came of a write; while that cannot be had, whoever has waited too long is told.</summary>
    private async Task LookAsync(Leader leader, DoubtfulWrite doubtful, CancellationToken cancellation)
    {
        var written = await doubtful.LookAsync(cancellation);
        if (written is null && !doubtful.IsOverdue)
            return;
        if (written is null)
        {
            Reply(doubtful, leader, Decision.Refuse(RefusalKind.OutcomeUnknown, Unknown(doubtful.Entry)));
            foreach (var asked in doubtful.Held.OfType<LeaderInput.Asked>())
                Refuse(leader, asked);
            doubtful.Held.RemoveAll(input => input is LeaderInput.Asked);
            return;
        }

        LogKnown(doubtful.Entry.Revision, written.Value ? "was written" : "was not written");
        doubt = null;
        if (written.Value)
            await CommitAsync(leader, doubtful.Entry, cancellation);
        else
            leader.Forget();
        Reply(doubtful, leader, written.Value ? null : Decision.Refuse(RefusalKind.Unavailable, "The journal could not be written, nothing was changed: ask again."));
        foreach (var input in doubtful.Held)
            await HandleAsync(leader, new Mail.Input(input), cancellation);
    }

    private void Reply(DoubtfulWrite doubtful, Leader leader, Decision? refusal)
    {
        if (doubtful.TakeAnswer() is { } answer)
            Do([answer with { Decision = refusal ?? answer.Decision, Version = leader.State.Map.Version }]);
    }

    private void Refuse(Leader leader, LeaderInput.Asked asked) => Do([new LeaderWork.Answer(
        asked.Request,
        Decision.Refuse(RefusalKind.Unavailable, "The journal cannot be read, and what became of the change before is not known: nothing was changed."),
        leader.State.Map.Version)]);

    private static string Unknown(JournalEntry entry) =>
        $"It is not known whether this was done: the journal failed while revision {entry.Revision} was being written, and cannot be read. Look before you repeat it.";

    /// <summary>A snapshot only makes the next start quicker: one that fails is tried again with the next entry.</summary>
    private async Task SnapshotAsync(Leader leader, CancellationToken cancellation)
    {
        var revision = leader.State.Map.Version.Revision;
        if (revision - snapshotAt < identity.SnapshotEvery)
            return;
        try
        {
            await store.SaveSnapshotAsync(leader.State, cancellation);
            snapshotAt = revision;
        }
        catch (StoreUnreachableException e)
        {
            LogNoSnapshot(e, revision);
        }
    }

    private void Do(IReadOnlyList<LeaderWork> works)
    {
        foreach (var work in works)
        {
            switch (work)
            {
                case LeaderWork.Send send:
                    links.Send(send.Connection, send.Message);
                    break;
                case LeaderWork.Close close:
                    links.Close(close.Connection);
                    break;
                case LeaderWork.Answer { Request: 0, Decision: Decision.Refused refused }:
                    throw new InvalidOperationException($"The configuration is refused: {refused.Reason}");
                case LeaderWork.Answer answer:
                    mailbox.Answer(answer);
                    break;
                case LeaderWork.Plan or LeaderWork.Judge:
                    planRoom.Post(work);
                    break;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} leads term {Term} from revision {Revision}")]
    private partial void LogLeading(string name, long term, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Service {Service} of the history is left out, apply it anew or remove it: {Why}")]
    private partial void LogLeftOut(ServiceName service, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} stops")]
    private partial void LogStopped(string name);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The coordinator cannot go on: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failure {Id}: the leader could not handle {Input}: {Reason}; it goes on as it was")]
    private partial void LogThrown(Exception exception, string id, string input, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Revision {Revision} could not be written; the fleet goes on as it was")]
    private partial void LogUnwritable(Exception exception, long revision);

    [LoggerMessage(Level = LogLevel.Error, Message = "Whether revision {Revision} was written is not known; no change is made until it is")]
    private partial void LogDoubtful(Exception exception, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Revision {Revision} {Outcome}")]
    private partial void LogKnown(long revision, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No snapshot of revision {Revision} could be kept; the journal has it all")]
    private partial void LogNoSnapshot(Exception exception, long revision);
}
