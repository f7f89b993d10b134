using System.Collections.Immutable;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// A whole fleet in one thread: the real leader and the real reactors on simulated clocks, network, relays and store. Everything that happens follows from the seed,
/// so a world that went wrong goes wrong again. Checkers look after every event.
/// </summary>
public sealed class World
{
    private readonly PriorityQueue<Action, (long At, long Order)> events = new();
    private readonly ImmutableArray<IChecker> checkers;
    private long order;

    public World(WorldSettings settings)
    {
        Settings = settings;
        Chance = new Random(settings.Seed);
        Network = new Network(this);
        Coordinator = new SimCoordinator(this, SkewedClock.Random(Chance, settings.ClockPpmMax));
        checkers = [new OneOwner(), new VersionsGrow(), new JournalIsTheState(), new LeasesBound(), new IndexIsOfTheMap()];
        Coordinator.Start();
        for (var i = 1; i <= settings.Nodes; i++)
            AddNode($"adc-{i}").Start();
    }

    public WorldSettings Settings { get; }

    public Random Chance { get; }

    public Trace Trace { get; } = new();

    public ServiceLog Service { get; } = new();

    public SimStore Store { get; } = new();

    public Network Network { get; }

    public SimCoordinator Coordinator { get; }

    public SortedDictionary<NodeName, SimNode> Nodes { get; } = [];

    /// <summary>True time since the world began, microseconds. No process can see it.</summary>
    public long Now { get; private set; }

    /// <summary>Counts changes of what relays serve, so that checkers look only when there is something new.</summary>
    public long RelayChanges { get; set; }

    /// <summary><see cref="Now"/> as a span.</summary>
    public TimeSpan Elapsed => TimeSpan.FromMicroseconds(Now);

    public SimNode AddNode(string name)
    {
        var number = Nodes.Count + 1;
        var domain = Settings.Domains > 0 ? $"rack-{number % Settings.Domains}" : null;
        var node = new SimNode(this, Build.Facts(name, domain, Settings.Sites[(number - 1) % Settings.Sites.Count]), SkewedClock.Random(Chance, Settings.ClockPpmMax));
        return Nodes[node.Name] = node;
    }

    public SimNode Node(NodeName name) => Nodes[name];

    public void After(long micros, Action what) => events.Enqueue(what, (Now + Math.Max(0, micros), order++));

    public void Log(string what) => Trace.Add(Now, what);

    public void Schedule(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
            After((long)fault.At.TotalMicroseconds, () => fault.Strike(this));
    }

    public void Run(TimeSpan span) => RunUntil(() => false, span);

    /// <summary>Returns whether it came true in time.</summary>
    public bool RunUntil(Func<bool> isTrue, TimeSpan atMost)
    {
        var end = Now + (long)atMost.TotalMicroseconds;
        while (events.TryPeek(out _, out var key) && key.At <= end)
        {
            if (isTrue())
                return true;
            var what = events.Dequeue();
            Now = key.At;
            Happen(what);
        }

        Now = end;
        return isTrue();
    }

    private void Happen(Action what)
    {
        try
        {
            what();
        }
        catch (Exception e) when (e is not CheckFailedException)
        {
            throw new CheckFailedException(this, $"Something broke: {e}");
        }

        foreach (var checker in checkers)
            checker.Look(this);
    }
}
