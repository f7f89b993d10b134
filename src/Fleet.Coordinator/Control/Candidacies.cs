using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>What came of the wish to hand the leadership over.</summary>
internal abstract record HandOver
{
    private HandOver()
    {
    }

    /// <param name="Version">What the next leader begins from.</param>
    public sealed record Done(string To, MapVersion Version) : HandOver;

    /// <summary>Nothing was done.</summary>
    public sealed record Refused(string Reason) : HandOver;

    /// <summary>This coordinator leads no more, and has not heard that the other one does.</summary>
    public sealed record Unheard(string To) : HandOver;
}

/// <summary>A program, and the store that it uses and nobody else.</summary>
internal sealed record Candidacy(IFleetStore Store, LeaderProgram Program);

/// <summary>
/// A coordinator's candidacies, one after another. Each has a <see cref="LeaderProgram"/> and a store of its own, so nothing that one has observed or
/// been asked reaches the next. A candidacy that handed the leadership over in good order is followed by the next one; any other end is the
/// process's.
/// </summary>
/// <param name="create">Makes a store, and the program that uses it.</param>
internal sealed partial class Candidacies(Func<Candidacy> create, MonotonicClock clock, ILogger<Candidacies> log) : IDisposable
{
    /// <summary>The successor waits for nothing: a second is long.</summary>
    private static readonly TimeSpan LeadsWithin = TimeSpan.FromSeconds(2);

    /// <summary>How long nodes may take to go where they are sent.</summary>
    private static readonly TimeSpan PartWithin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _parted = new();
    private readonly Turns _turns = new();
    private volatile Candidacy _current = create();
    private volatile bool _isStopping;

    /// <summary>The program of the present candidacy.</summary>
    public LeaderProgram Program => _current.Program;

    /// <summary>Cancelled when links are to end because the process does: after the hand-over, if there is one.</summary>
    public CancellationToken Parted => _parted.Token;

    /// <summary>Runs until it is cancelled, or stopped, or a candidacy fails.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var (store, program) = _current;
            await using (store)
                await program.RunAsync(cancellation);
            // The store has given the leadership back: the successor need not wait.
            if (_isStopping)
            {
                await PartAsync(program, cancellation);
                return;
            }

            _current = create();
            await PartAsync(program, cancellation);
        }
    }

    /// <summary>
    /// Hands the leadership over to a standby: to the named one, or to the one that is furthest. Every command that was taken is answered before.
    /// </summary>
    public async Task<HandOver> HandOverAsync(string? to, Principal by, CancellationToken cancellation)
    {
        using var turn = await _turns.TakeAsync(cancellation);
        var program = Program;
        if (!program.Mailbox.IsTakingCommands)
            throw new NotLeadingException();
        var present = program.Standbys.Present;
        if (present.Where(s => to is null || s.Address.Name == to).MaxBy(s => s.Revision) is not { } next)
            return new HandOver.Refused(present.IsEmpty
                ? "No other coordinator follows this one: there is nobody to hand over to."
                : $"No coordinator {to} follows this one; these do: {string.Join(", ", present.Select(s => s.Address.Name))}.");
        LogHandsOver(next.Address, by);
        program.Standbys.Successor = next.Address.Name;
        // The others hold back by the time the leadership is free.
        await Task.Delay(StandbyLinks.PulseEvery * 2, clock.Time, CancellationToken.None);
        program.Links.HandOver();
        program.Mailbox.HandOver();
        return await NextAsync(program, cancellation) is { } leads
            ? new HandOver.Done(leads.Standby.Address.Name, new MapVersion(leads.Term, leads.Standby.Revision))
            : new HandOver.Unheard(next.Address.Name);
    }

    /// <summary>
    /// Who leads, or null when it is this coordinator, or nobody within the time. A candidacy that ends meanwhile has closed its store, which says
    /// nothing any more: then the next one's is asked.
    /// </summary>
    /// <param name="within">See <see cref="LeaderDirectory.AwaitAsync"/>.</param>
    public async Task<CoordinatorAddress?> AwaitLeaderAsync(CancellationToken cancellation, TimeSpan? within = null)
    {
        var since = clock.Now;
        while (true)
        {
            var program = Program;
            var left = (within ?? LeaderDirectory.Patience) - (clock.Now - since);
            var found = left > TimeSpan.Zero
                ? await program.Leaders.AwaitAsync(() => program.Mailbox.IsTakingCommands || Program != program, cancellation, left)
                : null;
            if (found is not null || Program == program || left <= TimeSpan.Zero)
                return found;
        }
    }

    /// <summary>The process is to end: a leader with a standby hands over before. Returns when links may end.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        _isStopping = true;
        try
        {
            var program = Program;
            if (await HandOverAsync(null, Principal.System(program.Identity.Name), cancellation) is not HandOver.Refused)
                await PartedAsync(program, cancellation);
        }
        catch (Exception e) when (e is NotLeadingException or OperationCanceledException)
        {
            // There is nothing to hand over, or no time.
        }
        finally
        {
            _parted.Cancel();
        }
    }

    public void Dispose() => _parted.Dispose();

    /// <summary>The nodes stay until there is somebody to go to, so that none of them misses more than a heartbeat.</summary>
    private async Task PartAsync(LeaderProgram program, CancellationToken cancellation)
    {
        var next = await NextAsync(program, cancellation);
        program.Links.SendOn(next?.Standby.Address.Link);
        program.Dispose();
    }

    private async Task PartedAsync(LeaderProgram program, CancellationToken cancellation)
    {
        for (var until = clock.Now + PartWithin; program.Links.Count > 0 && clock.Now < until;)
            await Task.Delay(LookEvery, clock.Time, cancellation);
    }

    /// <summary>Null when nobody has said in time that it leads.</summary>
    private async Task<(StandbySeen Standby, long Term)?> NextAsync(LeaderProgram program, CancellationToken cancellation)
    {
        var leads = program.Standbys.NextLeads;
        using var bound = new Deadline(clock.Time, LeadsWithin, cancellation);
        return await Task.WhenAny(leads, bound.EndedAsync()) == leads ? await leads : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The leadership goes to {Next}, as {By} wants it")]
    private partial void LogHandsOver(CoordinatorAddress next, Principal by);
}
