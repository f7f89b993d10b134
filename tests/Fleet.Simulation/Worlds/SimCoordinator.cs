using System.Collections.Immutable;
using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Protocol;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// The coordinator's process: the real <see cref="Leader"/> in a loop like the real one, taking one input after the other to its end, journal included.
/// </summary>
public sealed class SimCoordinator(World world, SkewedClock clock)
{
    private const long TickMicros = 5_000;

    private readonly Queue<LeaderInput> mailbox = new();
    private readonly SortedDictionary<long, Link> links = [];
    private readonly Dictionary<long, (Command Command, Action<Decision> Told)> asked = [];
    private long connections;
    private long requests;
    private bool writing;
    private bool stepping;

    public Process Process { get; } = new(world, Network.Coordinator);

    /// <summary>Null while there is no leader.</summary>
    public Leader? Leader { get; private set; }

    public void Start()
    {
        if (Process.State != ProcessState.Dead)
            return;
        Process.Start();
        world.Log("coordinator starts");
        mailbox.Clear();
        Process.DoAfter(world.Chance.Next(1_000, 20_000), BeginTerm);
        Process.Every(clock.TrueSpan(TickMicros), () =>
        {
            if (Leader is not null && mailbox.Count < 1000)
                Post(new LeaderInput.Tick());
        });
    }

    public void Kill()
    {
        if (Process.State == ProcessState.Dead)
            return;
        world.Log("coordinator is killed");
        Process.Kill();
        Leader = null;
        writing = false;
        foreach (var link in links.Values.ToArray())
            link.EndAtCoordinator();
        links.Clear();
        foreach (var (_, told) in asked.Values)
            told(Decision.Refuse(RefusalKind.Unavailable, "the coordinator died"));
        asked.Clear();
    }

    /// <summary>A node's connection reaches this process; null when nobody listens.</summary>
    public Link? Accept(SimNode node)
    {
        if (Leader is null || !Process.IsRunning)
            return null;
        var link = new Link(world, ++connections, node, this);
        links[link.Id] = link;
        return link;
    }

    public void Hear(long connection, Up message) => Process.Do(() => Post(new LeaderInput.Said(connection, message)));

    public void LinkEnded(Link link)
    {
        links.Remove(link.Id);
        Process.Do(() => Post(new LeaderInput.Parted(link.Id)));
    }

    /// <summary>What an operator types; told is called with the answer, or with a refusal when the coordinator is not there.</summary>
    public void Ask(Command command, Action<Decision> told, bool force = false)
    {
        if (Leader is null)
        {
            told(Decision.Refuse(RefusalKind.Unavailable, "there is no leader"));
            return;
        }

        asked[++requests] = (command, told);
        var request = requests;
        Process.Do(() => Post(new LeaderInput.Asked(request, command, "operator", null, force)));
    }

    private void BeginTerm()
    {
        try
        {
            var term = world.Store.Campaign();
            var state = world.Store.Read();
            var isNew = state.Map.Version.Revision == 0;
            var first = new JournalEntry(state.Map.Version.Revision + 1, term, Wall, "c1", [new FleetEvent.TermBegun(term, "c1")]);
            world.Store.Append(first);
            Leader = new Leader(term, Evolver.Evolve(state, first), clock.At(world.Now));
            Post(new LeaderInput.Asked(0, new Command.SetPolicy(world.Settings.Policy), "configuration", null));
            foreach (var service in isNew ? world.Settings.Services : [])
                Post(new LeaderInput.Asked(0, new Command.ApplyService(service), "configuration", null));
        }
        catch (StoreUnreachableException)
        {
            // Whoever started it starts it again.
            Process.DoAfter(500_000, BeginTerm);
        }
    }

    private DateTimeOffset Wall => DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(world.Now);

    private void Post(LeaderInput input)
    {
        mailbox.Enqueue(input);
        Pump();
    }

    /// <summary>Like the real loop it takes nothing from the mailbox before what it took last is done.</summary>
    private void Pump()
    {
        if (stepping)
            return;
        stepping = true;
        while (!writing && Process.IsRunning && Leader is { } leader && mailbox.TryDequeue(out var input))
        {
            var step = leader.Step(input, clock.At(world.Now), Wall);
            Do(step.Works);
            if (step.Entry is { } entry)
                Write(leader, entry);
        }

        stepping = false;
    }

    /// <summary>The entry is on disk some time before the process knows that it is; a process that dies in between leaves it there.</summary>
    private void Write(Leader leader, JournalEntry entry)
    {
        writing = true;
        var time = world.Chance.Next(world.Store.AppendMicros.Least, world.Store.AppendMicros.Most + 1);
        var written = false;
        Process.DoAfter(time * 3 / 4, () =>
        {
            try
            {
                world.Store.Append(entry);
                written = true;
            }
            catch (StoreUnreachableException)
            {
                world.Log($"revision {entry.Revision} could not be written");
            }
        });
        Process.DoAfter(time, () =>
        {
            if (written)
                LogEvents(entry);
            Do(written ? leader.Commit(entry, clock.At(world.Now)) : leader.Abandon("the journal cannot be written"));
            writing = false;
            Pump();
        });
    }

    private void LogEvents(JournalEntry entry) => world.Log($"{entry.Version} " + string.Join(' ', entry.Events.Select(Fleet.Coordinator.Api.EventWords.Text)));

    private void Do(IReadOnlyList<LeaderWork> works)
    {
        foreach (var work in works)
        {
            switch (work)
            {
                case LeaderWork.Send send when links.TryGetValue(send.Connection, out var link):
                    link.SendDown(Wire.Encode(send.Message));
                    break;
                case LeaderWork.Plan plan:
                    var made = PreparedPlan.Make(plan.Order);
                    Process.DoAfter(world.Chance.Next(1_000, 20_000), () => Post(new LeaderInput.Planned(made, TimeSpan.Zero)));
                    break;
                case LeaderWork.Judge judge:
                    var judgement = Judgement.Of(judge.Before, judge.After);
                    Process.DoAfter(world.Chance.Next(1_000, 20_000), () => Post(new LeaderInput.Judged(judge.Ticket, judgement)));
                    break;
                case LeaderWork.Close close when links.TryGetValue(close.Connection, out var link):
                    link.EndAtCoordinator();
                    break;
                case LeaderWork.Answer answer when asked.Remove(answer.Request, out var waiting):
                    waiting.Told(answer.Decision);
                    break;
                case LeaderWork.Answer { Request: 0, Decision: Decision.Refused refused }:
                    throw new InvalidOperationException($"The configuration is refused: {refused.Reason}");
            }
        }
    }
}
