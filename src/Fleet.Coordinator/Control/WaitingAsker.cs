using Fleet.Coordinator.Commands;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Whoever waits for what comes of a command. The loop begins the command, or the asker withdraws it, whichever is first: a command that was
/// withdrawn is never carried out, so its asker can be told for sure that nothing was changed.
/// </summary>
internal sealed class WaitingAsker
{
    private const int Begun = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<CommandResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public Task<CommandResult> Answered => _answer.Task;

    /// <summary>For the loop; false when nobody waits for it any more.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, 0) != Withdrawn;

    public void Answer(CommandResult result) => _answer.TrySetResult(result);

    /// <summary>Tells the asker that there will be no answer, as far as anybody knows.</summary>
    /// <param name="why">A clause: why there is none.</param>
    public void GiveUp(string why) => _answer.TrySetResult(new CommandResult(
        Interlocked.CompareExchange(ref _state, Withdrawn, 0) == Begun ? Unknown(why) : Unchanged(why), MapVersion.None));

    public void Cancel(CancellationToken cancellation)
    {
        Interlocked.CompareExchange(ref _state, Withdrawn, 0);
        _answer.TrySetCanceled(cancellation);
    }

    public static Decision Unknown(string why) =>
        Decision.Refuse(RefusalKind.OutcomeUnknown, $"It is not known whether this was done: {why}. Look before you repeat it.");

    public static Decision Unchanged(string why) => Decision.Refuse(RefusalKind.Unavailable, UnchangedText(why));

    public static string UnchangedText(string why) => $"Nothing was changed: {why}.";
}
