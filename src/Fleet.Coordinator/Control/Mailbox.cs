using System.Collections.Concurrent;
using System.Threading.Channels;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Control;

/// <summary>The answer to a command.</summary>
internal sealed record CommandResult(Decision Decision, MapVersion Version);

/// <summary>
/// The door to the leader: everything for it goes in here, in order, and one reader takes it out. Until this coordinator leads, and while it may not
/// acknowledge anything, questions fail with <see cref="NotLeadingException"/>.
/// </summary>
internal sealed class Mailbox
{
    private const int Capacity = 100_000;
    private const string Ended = "the leadership ended before it could be answered";

    private readonly Channel<Mail> _channel = Channel.CreateBounded<Mail>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConcurrentDictionary<long, WaitingAsker> _asked = new();
    private readonly ConcurrentDictionary<long, Action> _looks = new();
    private long _requests;
    private volatile bool _isHandingOver;

    public ChannelReader<Mail> Reader => _channel.Reader;

    /// <summary>Everything that leaves this process in the fleet's name passes here, the answers of this mailbox included.</summary>
    public AcknowledgementGate Gate { get; } = new();

    /// <summary>This coordinator leads, and may say so now.</summary>
    public bool IsLeading => Gate.IsOpen;

    /// <summary>This coordinator leads, may say so now, and takes commands.</summary>
    public bool IsTakingCommands => IsLeading && !_isHandingOver;

    /// <summary>The leadership is being handed over.</summary>
    public bool IsHandingOver => _isHandingOver;

    /// <summary>Why no command is taken now: a clause for whoever is refused.</summary>
    public string WhyNot => _isHandingOver ? "the leadership is being handed over"
        : Gate.ShutFor > TimeSpan.Zero ? Gate.WhyShut
        : "nobody is known to lead the fleet now";

    /// <summary>Every command that was taken has its answer, which has passed the gate.</summary>
    public bool IsAnswered => _asked.IsEmpty;

    /// <summary>Called by the loop when it begins to lead.</summary>
    public void Lead(Leadership leadership) => Gate.Open(leadership);

    /// <summary>From now on no command is taken. Those that were are answered first.</summary>
    public void HandOver()
    {
        _isHandingOver = true;
        Post(new LeaderInput.Tick());
    }

    /// <summary>
    /// Called by the loop when it no longer leads. Everyone who waits for an answer is told that nobody knows, or that nothing was changed.
    /// </summary>
    public void Resign()
    {
        Gate.Close();
        foreach (var waiting in _asked.Values)
            waiting.GiveUp(Ended);
        foreach (var end in _looks.Values)
            end();
    }

    /// <summary>Drops the input when the box is full: heartbeats come again, and one tick is as good as another.</summary>
    public void Post(LeaderInput input) => _channel.Writer.TryWrite(new Mail.Input(input));

    public ValueTask PostAsync(LeaderInput input, CancellationToken cancellation) => _channel.Writer.WriteAsync(new Mail.Input(input), cancellation);

    /// <summary>Reads something off the leader's state.</summary>
    public async Task<T> LookAsync<T>(Func<Leader, T> read, CancellationToken cancellation)
    {
        var request = Interlocked.Increment(ref _requests);
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _looks[request] = () => answer.TrySetException(new NotLeadingException());
        try
        {
            // It is known before this looks, so that the end of the leadership either ends it or is seen here.
            if (!IsLeading)
                throw new NotLeadingException();
            await _channel.Writer.WriteAsync(new Mail.Look(Look), cancellation);
            using var calledOff = cancellation.Register(() => answer.TrySetCanceled(cancellation));
            // Whoever reads has something older to show, and does not wait for a store that is away.
            using var wait = new GateWait(Gate, () => answer.TrySetException(new NotLeadingException()), cancellation);
            var seen = await answer.Task;
            return await wait.PassAsync() ? seen : throw new NotLeadingException();
        }
        finally
        {
            _looks.TryRemove(request, out _);
        }

        // A look that fails is its caller's affair: the leader has done nothing.
        void Look(Leader leader)
        {
            try
            {
                answer.TrySetResult(read(leader));
            }
            catch (Exception e) when (e is not InvariantBrokenException)
            {
                answer.TrySetException(e);
            }
        }
    }

    /// <summary>
    /// Asks for a change; the answer comes when the change is in the journal, or refused. While the store is away nothing can be confirmed: whoever
    /// asked is told after <see cref="AcknowledgementGate.WaitMax"/> what is known.
    /// </summary>
    public async Task<CommandResult> AskAsync(
        Command command, Principal by, MapVersion? ifVersion, CancellationToken cancellation, bool force = false)
    {
        var request = Interlocked.Increment(ref _requests);
        var asker = _asked[request] = new WaitingAsker();
        try
        {
            // It is known as asked before this looks, so that a hand-over either waits for it or is seen here.
            if (!IsTakingCommands)
                throw new NotLeadingException();
            using var wait = new GateWait(Gate, () => asker.GiveUp(Gate.WhyShut), cancellation);
            await PostAsync(new LeaderInput.Asked(new RequestOrigin.Caller(request), command, by, ifVersion, force), cancellation);
            using var calledOff = cancellation.Register(() => asker.Cancel(cancellation));
            var result = await asker.Answered;
            return Promises(result) ? await PassAsync(result, wait) : result;
        }
        finally
        {
            _asked.TryRemove(request, out _);
            // The loop may wait for this.
            if (_isHandingOver)
                Post(new LeaderInput.Tick());
        }
    }

    /// <summary>For the loop, before it carries out a command: false when its asker has been told that nothing will be changed.</summary>
    public bool Begins(RequestOrigin origin) =>
        origin is not RequestOrigin.Caller caller || (_asked.TryGetValue(caller.Number, out var asker) && asker.TryBegin());

    /// <summary>Who says that nothing was changed for now, or that nobody knows, speaks for himself and may do so at any time.</summary>
    private static bool Promises(CommandResult result) =>
        result.Decision is not Decision.Refused { Kind: RefusalKind.Unavailable or RefusalKind.OutcomeUnknown };

    /// <summary>
    /// An accepted command is in the journal, but this process, which no longer leads, cannot promise what comes of it. Only the next leader can.
    /// </summary>
    private async Task<CommandResult> PassAsync(CommandResult result, GateWait wait)
    {
        try
        {
            if (await wait.PassAsync())
                return result;
            var why = Gate.WhyShut;
            return result with { Decision = result.Decision is Decision.Accepted ? WaitingAsker.Unknown(why) : WaitingAsker.Unchanged(why) };
        }
        catch (NotLeadingException) when (result.Decision is Decision.Accepted)
        {
            return result with { Decision = WaitingAsker.Unknown(Ended) };
        }
    }

    public void Answer(LeaderWork.Answer answer)
    {
        if (answer.Origin is RequestOrigin.Caller caller && _asked.TryGetValue(caller.Number, out var waiting))
            waiting.Answer(new CommandResult(answer.Decision, answer.Version));
    }
}

/// <summary>This coordinator does not lead, or not yet.</summary>
internal sealed class NotLeadingException() : Exception("This coordinator does not lead the fleet.");
