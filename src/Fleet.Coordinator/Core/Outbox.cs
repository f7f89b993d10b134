using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Core;

/// <summary>The works that a step has produced, in order, and the one answer that waits until the entry is in the journal.</summary>
internal sealed class Outbox
{
    private readonly List<LeaderWork> _works = [];

    /// <summary>Goes out with <see cref="Reply"/>; null when nobody asked.</summary>
    public LeaderWork.Answer? Answer { get; set; }

    public void Add(LeaderWork work) => _works.Add(work);

    public void Send(long connection, LeaderMessage message) => _works.Add(new LeaderWork.Send(connection, message));

    public void Close(long connection) => _works.Add(new LeaderWork.Close(connection));

    public void Refuse(long connection, string reason, int? retryAfterMs)
    {
        Send(connection, new LeaderMessage.Refusal(reason, retryAfterMs));
        Close(connection);
    }

    /// <summary>Drops the proofs of a decision that no longer counts.</summary>
    public void DropComparisons() => _works.RemoveAll(work => work is LeaderWork.CompareProtection);

    public void Reply(MapVersion version)
    {
        if (TakeAnswer() is { } answer)
            _works.Add(answer with { Version = version });
    }

    public LeaderWork.Answer? TakeAnswer()
    {
        var taken = Answer;
        Answer = null;
        return taken;
    }

    public IReadOnlyList<LeaderWork> Drain()
    {
        var drained = _works.ToArray();
        _works.Clear();
        return drained;
    }
}
