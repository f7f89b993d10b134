using System.Collections.Concurrent;
using System.Threading.Channels;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Leadership;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Control;

/// <summary>The answer to a command.</summary>
public sealed record CommandResult(Decision Decision, MapVersion Version);

/// <summary>
/// The door to the leader: everything that wants something of it goes through here, in order, and one reader takes it out. Until this coordinator
/// leads, questions fail with <see cref="NotLeadingException"/>.
/// </summary>
public sealed class Mailbox
{
    private const int Capacity = 100_000;

    private readonly Channel<Mail> _channel = Channel.CreateBounded<Mail>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConcurrentDictionary<long, TaskCompletionSource<CommandResult>> _asked = new();
    private long _requests;
    private volatile bool _leading;

    public ChannelReader<Mail> Reader => _channel.Reader;

    /// <summary>Set by the loop while it leads.</summary>
    public bool IsLeading
    {
        get => _leading;
        set => _leading = value;
    }

    /// <summary>Drops the input when the box is full: heartbeats come again, and a tick is a tick.</summary>
    public void Post(LeaderInput input) => _channel.Writer.TryWrite(new Mail.Input(input));

    public ValueTask PostAsync(LeaderInput input, CancellationToken cancellation) => _channel.Writer.WriteAsync(new Mail.Input(input), cancellation);

    /// <summary>Reads something off the leader's state.</summary>
    public async Task<T> LookAsync<T>(Func<Leader, T> read, CancellationToken cancellation)
    {
        if (!IsLeading)
            throw new NotLeadingException();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _channel.Writer.WriteAsync(new Mail.Look(Look), cancellation);
        using var calledOff = cancellation.Register(() => answer.TrySetCanceled(cancellation));
        return await answer.Task;

        // A look that fails is the affair of whoever looks: the leader has done nothing.
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

    /// <summary>Asks for a change; the answer comes when the change is in the journal, or refused.</summary>
    public async Task<CommandResult> AskAsync(
        Command command, string actor, MapVersion? ifVersion, CancellationToken cancellation, bool force = false)
    {
        if (!IsLeading)
            throw new NotLeadingException();
        var request = Interlocked.Increment(ref _requests);
        var answer = _asked[request] = new TaskCompletionSource<CommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await PostAsync(new LeaderInput.Asked(request, command, actor, ifVersion, force), cancellation);
            using var calledOff = cancellation.Register(() => answer.TrySetCanceled(cancellation));
            return await answer.Task;
        }
        finally
        {
            _asked.TryRemove(request, out _);
        }
    }

    public void Answer(LeaderWork.Answer answer)
    {
        if (_asked.TryRemove(answer.Request, out var waiting))
            waiting.TrySetResult(new CommandResult(answer.Decision, answer.Version));
    }
}

/// <summary>This coordinator does not lead, or not yet.</summary>
public sealed class NotLeadingException() : Exception("This coordinator does not lead the fleet.");
