using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>Who this coordinator is, and what it brings to a fleet that has no history.</summary>
/// <param name="Address">Its name, and where the others find it.</param>
/// <param name="FirstCommands">Carried out when the journal is empty, in its first entry.</param>
/// <param name="EveryTerm">Carried out at the beginning of every term.</param>
internal sealed record CoordinatorIdentity(
    CoordinatorAddress Address, int SnapshotEvery, IReadOnlyList<Command> FirstCommands, IReadOnlyList<Command> EveryTerm)
{
    public string Name => Address.Name;
}

/// <summary>The one loop: campaigns, reads the journal, then takes one input after the other to its end.</summary>
/// <param name="standby">What this coordinator does until it leads; null for one that just waits.</param>
/// <param name="mayCampaign">It does not campaign before; null is at once.</param>
internal sealed partial class CoordinatorLoop(
    IFleetStore store,
    Mailbox mailbox,
    ILeaderEffects effects,
    CoordinatorIdentity identity,
    MonotonicClock clock,
    Func<string> failureIds,
    ILogger<CoordinatorLoop> log,
    Standby? standby = null,
    Task? mayCampaign = null)
{
    /// <summary>What is under way may take this long when the leadership is handed over: less than a lease.</summary>
    private static readonly TimeSpan HandOverWithin = TimeSpan.FromSeconds(1);

    /// <summary>Null until this coordinator leads. Code on the loop's scheduler may read it between two inputs.</summary>
    public Leader? Leader { get; private set; }

    /// <summary>
    /// Runs until it is cancelled, or has handed the leadership over: then it returns. It throws <see cref="FencedException"/> when another
    /// coordinator has led since, <see cref="LeadershipEndedException"/> when the store has ended the leadership, and whatever breaks an invariant.
    /// After any of these, nothing that this loop has known may be used to speak for the fleet.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var untilLed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var candidate = new Campaign(store, identity.Address, standby, mayCampaign ?? Task.CompletedTask, clock.Time);
        try
        {
            var leadership = await candidate.WinAsync(untilLed.Token);
            await LeadAsync(leadership, cancellation);
        }
        finally
        {
            untilLed.Cancel();
            await candidate.Standing.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(Leadership leadership, CancellationToken cancellation)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellation, leadership.Ended);
        try
        {
            var driver = await BeginTermAsync(leadership.Term, term.Token);
            mailbox.Lead(leadership);
            standby?.Lead(leadership.Term);
            await TakeAllAsync(driver, term.Token);
            leadership.End();
            LogHandsOver(identity.Name, leadership.Term, driver.Leader.State.Map.Version.Revision);
        }
        catch (Exception e) when (e is OperationCanceledException or NotLeadingException
            && leadership.Ended.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new LeadershipEndedException(leadership.Term);
        }
        finally
        {
            mailbox.Resign();
        }
    }

    /// <summary>Returns when the leadership is to be handed over, and nothing is under way any more.</summary>
    private async Task TakeAllAsync(LeaderDriver driver, CancellationToken cancellation)
    {
        var tick = new LeaderInput.Tick();
        Instant? handOverBy = null;
        using var timer = new DueTimer(clock, () => mailbox.Post(tick));
        timer.Set(driver.Leader.Due);
        await foreach (var mail in mailbox.Reader.EachAsync(cancellation))
        {
            // The loop stands still while nothing may be acknowledged, so that nothing piles up at the gate.
            await mailbox.Gate.PassAsync(cancellation);
            await HandleAsync(driver, mail, cancellation);
            if (mailbox.IsHandingOver)
                handOverBy ??= clock.Now + HandOverWithin;
            if (handOverBy is { } by && ((mailbox.IsAnswered && driver.IsSettled) || clock.Now >= by))
                return;
            timer.Set(driver.Leader.Due);
        }
    }

    private static Task HandleAsync(LeaderDriver driver, Mail mail, CancellationToken cancellation)
    {
        if (mail is Mail.Input input)
            return driver.TakeAsync(input.What, cancellation);
        if (mail is Mail.Look look)
            look.Read(driver.Leader);
        return driver.LookIfDueAsync(cancellation);
    }

    private async Task<LeaderDriver> BeginTermAsync(long term, CancellationToken cancellation)
    {
        var followed = standby is null ? null : await standby.EndFollowingAsync();
        var known = followed ?? await LoadAsync(cancellation);
        var state = known.State;
        var snapshots = new SnapshotPace(store, identity.SnapshotEvery, known.Snapshot, log);
        await foreach (var entry in store.ReadAsync(state.Map.Version.Revision + 1, cancellation))
        {
            state = Evolver.Evolve(state, Readmission.Whole(entry));
            effects.Record(entry);
        }

        var founding = state.Map.Version.Revision == 0 ? Founding.Events([.. identity.EveryTerm, .. identity.FirstCommands], clock.Now) : [];
        FleetEvent[] begun = [new FleetEvent.TermBegun(term, identity.Name), .. Readmission.FindReturning(state, known.Services), .. founding];
        var first = new JournalEntry(state.Map.Version.Revision + 1, term, clock.Time.GetUtcNow(), Principal.System(identity.Name), [.. begun]);
        await store.AppendAsync(first, cancellation);
        effects.Record(first);
        var leader = Leader = new Leader(term, Evolver.Evolve(state, first), clock.Now);
        LogLeading(identity.Name, term, leader.State.Map.Version.Revision);
        foreach (var (service, why) in leader.State.LeftOut)
            LogLeftOut(service, why);
        var driver = new LeaderDriver(leader, store, effects, snapshots, clock, failureIds, log);
        foreach (var command in identity.EveryTerm)
        {
            await driver.TakeAsync(new LeaderInput.Asked(RequestOrigin.Configuration, command, Principal.Configuration, null), cancellation);
            await driver.SettleAsync(cancellation);
        }

        return driver;
    }

    /// <summary>What one begins with who has not followed.</summary>
    private async Task<Followed> LoadAsync(CancellationToken cancellation) => await store.LoadSnapshotAsync(cancellation) is { } snapshot
        ? new Followed(Readmission.Whole(snapshot), snapshot.Map.Version.Revision, CheckedServices.None)
        : Followed.Nothing;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} leads term {Term} from revision {Revision}")]
    private partial void LogLeading(string name, long term, long revision);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} hands term {Term} over at revision {Revision}")]
    private partial void LogHandsOver(string name, long term, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Service {Service} of the history is left out, apply it anew or remove it: {Why}")]
    private partial void LogLeftOut(ServiceName service, string why);
}
