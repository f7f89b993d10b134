using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
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
internal sealed partial class CoordinatorLoop(
    IFleetStore store,
    Mailbox mailbox,
    ILeaderEffects effects,
    CoordinatorIdentity identity,
    MonotonicClock clock,
    Func<string> failureIds,
    ILogger<CoordinatorLoop> log)
{
    /// <summary>Null until this coordinator leads. Code on the loop's scheduler may read it between two inputs.</summary>
    public Leader? Leader { get; private set; }

    /// <summary>
    /// Runs until it is cancelled. It throws <see cref="FencedException"/> when another coordinator has led since,
    /// <see cref="LeadershipEndedException"/> when the store has ended the leadership, and whatever breaks an invariant. After any of these, this
    /// process must not speak for the fleet any more.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var leadership = await store.CampaignAsync(identity.Address, cancellation);
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellation, leadership.Ended);
        try
        {
            await LeadAsync(leadership, term.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or NotLeadingException
            && leadership.Ended.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new LeadershipEndedException(leadership.Term);
        }
    }

    private async Task LeadAsync(Leadership leadership, CancellationToken cancellation)
    {
        try
        {
            var driver = await BeginTermAsync(leadership.Term, cancellation);
            mailbox.Lead(leadership);
            var tick = new LeaderInput.Tick();
            using var timer = new DueTimer(clock, () => mailbox.Post(tick));
            timer.Set(driver.Leader.Due);
            await foreach (var mail in mailbox.Reader.EachAsync(cancellation))
            {
                // The loop stands still while nothing may be acknowledged, so that nothing piles up at the gate.
                await mailbox.Gate.PassAsync(cancellation);
                await HandleAsync(driver, mail, cancellation);
                timer.Set(driver.Leader.Due);
            }
        }
        finally
        {
            mailbox.Resign();
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
        var state = Readmission.Whole(await store.LoadSnapshotAsync(cancellation) ?? FleetState.Empty);
        var snapshots = new SnapshotPace(store, identity.SnapshotEvery, state.Map.Version.Revision, log);
        await foreach (var entry in store.ReadAsync(state.Map.Version.Revision + 1, cancellation))
        {
            state = Evolver.Evolve(state, Readmission.Whole(entry));
            effects.Record(entry);
        }

        var founding = state.Map.Version.Revision == 0 ? Founding.Events([.. identity.EveryTerm, .. identity.FirstCommands], clock.Now) : [];
        FleetEvent[] begun = [new FleetEvent.TermBegun(term, identity.Name), .. Readmission.FindReturning(state), .. founding];
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} leads term {Term} from revision {Revision}")]
    private partial void LogLeading(string name, long term, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Service {Service} of the history is left out, apply it anew or remove it: {Why}")]
    private partial void LogLeftOut(ServiceName service, string why);
}
