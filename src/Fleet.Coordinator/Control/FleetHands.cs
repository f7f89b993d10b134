using Fleet.Coordinator.State;

namespace Fleet.Coordinator.Control;

/// <summary>The leader's hands in a real fleet.</summary>
public sealed class FleetHands(Mailbox mailbox, NodeLinks links, Chronicle chronicle, PlanRoom planRoom) : ILeaderHands
{
    public void Record(JournalEntry entry) => chronicle.Record(entry);

    public void Do(IReadOnlyList<LeaderWork> works)
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
}
