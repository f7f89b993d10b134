using System.Net.WebSockets;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Standbys;

/// <summary>A moment at which the leader was known to lead that term, with nothing newer than that revision.</summary>
internal sealed record LeaderHeard(TermHolder Holder, long Revision, Instant At);

/// <summary>
/// A standby's one connection to the leader: it hears the leader's pulses, says how far it is itself, and takes the leadership from a leader that is
/// gone or silent. That is safe at any time, by the store's rule; what it costs is an election.
/// </summary>
/// <param name="revision">How much of the journal this standby has folded.</param>
internal sealed partial class LeaderWatch(
    IFleetStore store, CoordinatorAddress own, IStandbyDialler dialler, Func<long> revision, MonotonicClock clock, ILogger<LeaderWatch> log)
{
    private const int PulseSizeMax = 4096;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StoreWithin = TimeSpan.FromSeconds(1);

    private readonly Patience _patience = new();
    private readonly Lock _lock = new();

    // It is waited for together with something else. One that ran its continuations elsewhere would take the waiting code off its scheduler.
    private volatile TaskCompletionSource _otherIsNext = new();
    private Action? _report;
    private long _leads;

    private LeaderHeard? _newest;
    private LeaderHeard? _unproven;
    private LeaderHeard? _proof;

    /// <summary>
    /// The newest moment that is known of which everything has been folded: the leader had nothing newer then. Null before the first.
    /// </summary>
    public LeaderHeard? Proof
    {
        get
        {
            lock (_lock)
                return Prove();
        }
    }

    /// <summary>Ends when the leader hands over to another standby: this one is not to campaign for a moment.</summary>
    public Task OtherIsNext => _otherIsNext.Task;

    /// <summary>The moment has passed.</summary>
    public void Forget() => _otherIsNext = new TaskCompletionSource();

    /// <summary>This coordinator leads now: the leader before, should it still listen, is told.</summary>
    public void Lead(long term)
    {
        Volatile.Write(ref _leads, term);
        try
        {
            _report?.Invoke();
        }
        catch (ObjectDisposedException)
        {
            // The link has just ended.
        }
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (await FindAsync(cancellation) is { Address.Link: { } link } holder)
                await WatchAsync(holder, link, cancellation);
            await Task.Delay(LookEvery, clock.Time, cancellation);
        }
    }

    private async Task<TermHolder?> FindAsync(CancellationToken cancellation)
    {
        using var bound = new Deadline(clock.Time, StoreWithin, cancellation);
        try
        {
            var holder = await store.LeaderAsync(bound.Token);
            return holder?.Address == own ? null : holder;
        }
        catch (Exception e) when (e is StoreUnreachableException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task WatchAsync(TermHolder holder, LinkAddress link, CancellationToken cancellation)
    {
        var patience = _patience.At(clock.Now);
        var silence = new LeaderSilence(patience, _newest?.Holder.Term == holder.Term, clock.Now);
        while (true)
        {
            var end = await TalkAsync(holder, link, silence, cancellation);
            AfterTalk next;
            lock (_lock)
                next = silence.Judge(end);
            if (next == AfterTalk.LookAgain)
                return;
            if (next == AfterTalk.Depose)
            {
                if (end == TalkEnd.Quiet)
                    _patience.CountDepose(patience, clock.Now);
                LogDeposes(holder.Address, holder.Term, end);
                await DeposeAsync(holder.Term, cancellation);
                return;
            }

            if (end == TalkEnd.Declined)
                await Task.Delay(LeaderSilence.StepEvery, clock.Time, cancellation);
        }
    }

    /// <summary>
    /// A standby whose store does not answer deposes nobody: it begins anew, and the leader, which may have been unable to renew its leadership for
    /// the same reason, has its time again.
    /// </summary>
    private async Task DeposeAsync(long term, CancellationToken cancellation)
    {
        using var bound = new Deadline(clock.Time, StoreWithin, cancellation);
        try
        {
            await store.DeposeAsync(term, bound.Token);
        }
        catch (Exception e) when (e is StoreUnreachableException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogNotDeposed(term, e.Message);
        }
    }

    private async Task<TalkEnd> TalkAsync(TermHolder holder, LinkAddress link, LeaderSilence silence, CancellationToken cancellation)
    {
        using var quiet = new Deadline(clock.Time, cancellation);
        using var steps = clock.Time.CreateTimer(_ => Step(silence, quiet), null, LeaderSilence.StepEvery, LeaderSilence.StepEvery);
        var end = TalkEnd.Declined;
        try
        {
            using var socket = await dialler.DialAsync(link, quiet.Token);
            end = TalkEnd.Broken;
            using var over = new Deadline(clock.Time, quiet.Token);
            var reporting = ReportAsync(socket, over.Token);
            try
            {
                end = await ListenAsync(socket, holder, silence, quiet.Token);
            }
            finally
            {
                over.Cancel();
                await reporting;
            }

            return end;
        }
        catch (NobodyListensException)
        {
            return TalkEnd.Refused;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TalkEnd.Quiet;
        }
        catch (Exception e) when (e is WebSocketException or IOException)
        {
            LogBroken(holder.Address, e.Message);
            return quiet.Token.IsCancellationRequested ? TalkEnd.Quiet : end;
        }
    }

    private LeaderHeard? Prove()
    {
        if (_unproven is { } pulse && revision() >= pulse.Revision)
            (_proof, _unproven) = (pulse, null);
        return _proof;
    }

    private void Step(LeaderSilence silence, Deadline quiet)
    {
        lock (_lock)
        {
            silence.Step(clock.Now);
            if (!silence.IsQuiet)
                return;
        }

        try
        {
            quiet.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The conversation has just ended by itself.
        }
    }

    /// <summary>Returns when the leader closes, or leads another term than the store said.</summary>
    private async Task<TalkEnd> ListenAsync(WebSocket socket, TermHolder holder, LeaderSilence silence, CancellationToken cancellation)
    {
        var reader = new WebSocketMessages(socket, PulseSizeMax);
        while (await reader.ReadAsync(cancellation) is { } text)
        {
            if (LeaderPulse.Parse(text.Span) is not { } pulse || pulse.Term != holder.Term)
                return TalkEnd.Declined;
            var now = clock.Now;
            var heard = new LeaderHeard(holder, pulse.Revision, Instant.Min(now, new Instant(pulse.Echo)));
            lock (_lock)
            {
                silence.Hear(now);
                _newest = heard;
                Prove();
                // One that this standby has not caught up with yet is kept: pulses may come faster than the journal.
                _unproven ??= heard;
            }

            if (pulse.Successor is { } next && next != own.Name)
                _otherIsNext.TrySetResult();
        }

        return TalkEnd.Broken;
    }

    /// <summary>Ends when the conversation does, or once it has been said that this coordinator leads.</summary>
    private async Task ReportAsync(WebSocket socket, CancellationToken cancellation)
    {
        try
        {
            using var pause = new Deadline(clock.Time, cancellation);
            _report = pause.Cancel;
            while (true)
            {
                var leads = Volatile.Read(ref _leads);
                var report = StandbyReport.From(own, revision(), clock.Now.Micros, leads);
                await socket.SendAsync(report.ToJson().AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancellation);
                if (leads > 0)
                    return;
                await PauseAsync(pause.Token);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Whoever listens sees the same end.
        }
        finally
        {
            _report = null;
        }
    }

    /// <summary>Until the next report is due, or there is something to report at once.</summary>
    private async Task PauseAsync(CancellationToken over)
    {
        try
        {
            await Task.Delay(ReportEvery, clock.Time, over);
        }
        catch (OperationCanceledException)
        {
            // The caller looks why.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Leader} does not answer ({End}): its term {Term} is to end")]
    private partial void LogDeposes(CoordinatorAddress leader, long term, TalkEnd end);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether term {Term} has ended is not known: {Reason}")]
    private partial void LogNotDeposed(long term, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The link to {Leader} broke: {Reason}")]
    private partial void LogBroken(CoordinatorAddress leader, string reason);
}
