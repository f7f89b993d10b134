using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;

namespace Fleet.Coordinator.Control;

/// <summary>Carries out the leader's decisions in a real fleet.</summary>
internal sealed class LeaderEffects(Mailbox mailbox, NodeLinks links, RecentEvents recentEvents, PlanWorker planWorker) : ILeaderEffects
{
    public bool Begins(RequestOrigin origin) => mailbox.Begins(origin);

    public void Record(JournalEntry entry) => recentEvents.Record(entry);

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
                case LeaderWork.Answer { Origin: RequestOrigin.FromConfiguration, Decision: Decision.Refused refused }:
                    throw new InvalidOperationException($"The configuration is refused: {refused.Reason}");
                case LeaderWork.Answer answer:
                    mailbox.Answer(answer);
                    break;
                case LeaderWork.Plan or LeaderWork.CompareProtection:
                    planWorker.Post(work);
                    break;
            }
        }
    }
}
