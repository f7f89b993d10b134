using System.Collections.Immutable;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Fleet.Coordinator.Api;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Net;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Stores;
using Fleet.Testing;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// A whole fleet on one thread: the real programs of coordinator, agents and relays on simulated clocks, schedulers, disks and networks. Everything
/// that happens follows from the seed, so a world that went wrong goes wrong again. Checkers look after every event.
/// </summary>
public sealed class World
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(100);

    private readonly ImmutableArray<IChecker> _checkers;
    private readonly Dictionary<IPEndPoint, SimNode> _addresses = [];
    private Exception? _broken;

    /// <param name="reader">Told each line of what happens.</param>
    public World(WorldSettings settings, Action<string>? reader = null)
    {
        Settings = settings;
        Chance = new Random(settings.Seed);
        Trace = new Trace(() => Now, reader);
        Network = new Network(Scheduler, Chance);
        Served = new ServedVips(this);
        Store = new JournalView(this);
        Election = new SimElection(this);
        Rights = new SimRights(this);
        StoreTrouble = new StoreTrouble(this);
        Backends = new SimBackends(Scheduler, Chance);
        Coordinators = [.. Enumerable.Range(1, settings.Coordinators).Select(number => new SimCoordinator(this, number))];
        if (Coordinators.Length > 1)
            Storage = Replicated();
        _checkers =
        [
            new OneOwner(), new AcknowledgesInTime(), new SomebodyLeads(), new FailsStatic(),
            new VersionsGrow(), new JournalIsTheState(), new LeasesBound(), new IndexIsOfTheMap(),
            new HeldByTheMap(),
            new HeldIsCarried(),
            new LossIsFound(),
            new DnsFollows(),
            new UnheldIsHandedOn(),
            new LossCostsNoMore(),
            new ClientsAreServed(),
            new ServedAgain(),
        ];
        Operators = new SimOperators(this);
        Clients = new SimClients(this);
        foreach (var coordinator in Coordinators)
            coordinator.Start();
        Operators.Begin(settings.Operators);
        Clients.Begin(settings.Clients);
        for (var i = 1; i <= settings.Nodes; i++)
            After(settings.StartApart * (i - 1), AddNode($"adc-{i}").Start);
    }

    public WorldSettings Settings { get; }

    public Random Chance { get; }

    public Scheduler Scheduler { get; } = new();

    public Trace Trace { get; }

    public Tally Tally { get; } = new();

    public ServiceLog Service { get; } = new();

    /// <summary>What any relay serves.</summary>
    public ServedVips Served { get; }

    public JournalView Store { get; }

    public SimElection Election { get; }

    public Network Network { get; }

    public SimBackends Backends { get; }

    /// <summary>All of them, in the order of their names.</summary>
    public ImmutableArray<SimCoordinator> Coordinators { get; }

    /// <summary>The one that leads; the first, when none does.</summary>
    public SimCoordinator Coordinator =>
        Coordinators is [var only] ? only : Coordinators.FirstOrDefault(c => c.Leader is not null) ?? Coordinators[0];

    /// <summary>What several coordinators share; null where there is one.</summary>
    internal SimStorage? Storage { get; }

    public StoreTrouble StoreTrouble { get; }

    public SimRights Rights { get; }

    public SimOperators Operators { get; }

    public SimClients Clients { get; }

    public SortedDictionary<NodeName, SimNode> Nodes { get; } = [];

    /// <inheritdoc cref="Scheduler.Now"/>
    public long Now => Scheduler.Now;

    /// <summary>The node whose relay has been told a lease by the last event; whoever has looked at it sets it to null.</summary>
    public SimNode? Renewed { get; set; }

    /// <summary>Since when nothing befalls the world any more; null while something may.</summary>
    public long? QuietSince { get; set; }

    /// <summary>Counts beginnings of service, so that checkers look only when there is something new.</summary>
    public long Openings { get; set; }

    /// <summary>The node whose agent did something in the last event; null when none did.</summary>
    public SimNode? Touched => Scheduler.Last?.Owner;

    /// <summary><see cref="Now"/> as a span.</summary>
    public TimeSpan Elapsed => TimeSpan.FromMicroseconds(Now);

    public SimNode AddNode(string name)
    {
        var number = Nodes.Count + 1;
        var domain = Settings.Domains > 0 ? $"rack-{number % Settings.Domains}" : null;
        var node = new SimNode(this, Build.Facts(name, domain, Settings.Sites[(number - 1) % Settings.Sites.Count]));
        _addresses[node.Facts.WitnessAddress] = node;
        return Nodes[node.Name] = node;
    }

    public SimNode Node(NodeName name) => Nodes[name];

    /// <summary>Something that speaks for the fleet is leaving the process of a coordinator.</summary>
    public void Leaves(string what, ProcessLife life)
    {
        Election.Leaves(what, life);
        Rights.Leaves(what, life);
    }

    /// <summary>The hosts that a name stands for: all coordinators have one together.</summary>
    public IEnumerable<string> Hosts(string name) => name == Network.Coordinator ? Coordinators.Select(c => c.Name) : [name];

    /// <summary>The coordinator of that name; without one the leader, or the first.</summary>
    public SimCoordinator? CoordinatorOf(string? name) => name is null ? Coordinator : Coordinators.FirstOrDefault(c => c.Name == name);

    public void After(TimeSpan span, Action what) => Scheduler.After((long)span.TotalMicroseconds, what);

    public void Log(string what) => Trace.Add(what);

    /// <summary>An entry has been acknowledged by the store, or found there.</summary>
    internal void Noticed(JournalEntry entry)
    {
        Log($"{entry.Version} {string.Join(' ', entry.Events.Select(EventWords.Text))}");
        foreach (var happened in entry.Events)
            Tally.Count(JsonNamingPolicy.KebabCaseLower.ConvertName(happened.GetType().Name));
    }

    /// <summary>Over the witnesses' network.</summary>
    public void SendDatagram(NodeName from, IPEndPoint to, byte[] datagram)
    {
        if (_addresses.TryGetValue(to, out var node))
            Network.Datagram(from.Value, node.Name.Value, () => node.Arrive(datagram));
    }

    /// <summary>Something has been thrown that nobody caught.</summary>
    public void Break(Exception exception) => _broken ??= exception;

    public void Schedule(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
            After(fault.At - Elapsed, () => fault.Strike(this));
    }

    public void Run(TimeSpan span) => RunUntil(static () => false, span);

    /// <summary>
    /// Returns whether it came true in time. It is looked at every so often, every millisecond where nothing is said, and at the end.
    /// </summary>
    public bool RunUntil(Func<bool> isTrue, TimeSpan atMost, TimeSpan? every = null)
    {
        var end = Now + (long)atMost.TotalMicroseconds;
        var pace = (long)(every ?? TimeSpan.FromMilliseconds(1)).TotalMicroseconds;
        for (var next = Now; ;)
        {
            if (Now >= next)
            {
                if (isTrue())
                    return true;
                next = Now + pace;
            }

            if (Next(end))
                continue;
            Scheduler.Skip(end);
            return isTrue();
        }
    }

    /// <summary>Only the worlds of several coordinators have one, and draw dice for it.</summary>
    private SimStorage Replicated()
    {
        var kept = Chance.Next(2) == 0 ? 1000 : Chance.Next(5, 50);
        var storage = new SimStorage(() => Now, kept, TimeSpan.FromMilliseconds(Chance.Next(1000, 2000)))
        {
            Appended = Store.Take,
            Flaw = Settings.StoreFlaw,
        };
        Sweep();
        return storage;

        // A session's end is seen a little late.
        void Sweep() => After(SweepEvery, () =>
        {
            if (!StoreTrouble.IsAway)
                storage.Expire();
            Sweep();
        });
    }

    private bool Next(long end)
    {
        bool happened;
        try
        {
            happened = Scheduler.Next(end);
        }
        catch (Exception e) when (e is not CheckFailedException)
        {
            throw new CheckFailedException(this, $"Something broke: {e}");
        }

        if (_broken is CheckFailedException failed)
            ExceptionDispatchInfo.Throw(failed);
        if (_broken is not null)
            throw new CheckFailedException(this, $"Something broke: {_broken}");
        foreach (var checker in _checkers)
            checker.Look(this);
        return happened;
    }
}
