using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fleet.Node.Checks;
using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.Feedback;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Keys;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node;

/// <summary>Puts the agent together: the only place that knows which data plane, checks and listeners there are.</summary>
public static class Agent
{
    /// <summary>Runs until it is told to stop, or has left the fleet. Returns 0 then, 1 when an address or a folder cannot be had, and 2, with nothing started, when the configuration has mistakes.</summary>
    public static async Task<int> RunAsync(string? configPath, string[] overrides, CancellationToken cancellation)
    {
        var loaded = FleetConfig.Load(configPath, overrides, new HoconFiles(), Environment.GetEnvironmentVariable);
        if (loaded.Value is not { } config)
        {
            foreach (var error in loaded.Errors)
                await Console.Error.WriteLineAsync(error.ToString());
            return 2;
        }

        var name = config.Node.Name.Length > 0 ? config.Node.Name : Dns.GetHostName();
        var mailbox = new NodeMailbox();
        using var signals = new StopSignals(mailbox, cancellation);
        try
        {
            await RunAsync(config.Node, NodeName.Of(name), mailbox, signals, cancellation);
            return 0;
        }
        catch (OperationCanceledException) when (signals.Start.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or RelayReplacedException)
        {
            await Console.Error.WriteLineAsync($"fleet-node: node {name} cannot start, or go on: {e.Message}");
            return 1;
        }
    }

    private static async Task RunAsync(NodeSettings settings, NodeName name, NodeMailbox mailbox, StopSignals signals, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(ConsoleLogs.Configure);
        var clock = MonotonicClock.System;
        var wait = new StartWait(settings.StartWait, clock, logs.CreateLogger<StartWait>());
        using var folder = await wait.LockAsync(settings.Data, $"node {name}", signals.Start);
        using var listening = await wait.BindAsync("api-listen", ProtocolType.Tcp, settings.ApiListen, NodeApi.Bind, signals.Start);
        using var watch = await wait.BindAsync("watch-listen", ProtocolType.Udp, settings.WatchListen, at => new WatchSocket(at, mailbox), signals.Start);
        await using var dns = new DnsServer(new DnsServerOptions(), clock, logs.CreateLogger<DnsServer>());
        var keys = KeysOf(settings, clock, dns, logs);
        keys?.Look();
        await wait.BindAsync("dns-listen", ProtocolType.Tcp, settings.DnsListen, at => { dns.Start(at); return dns; }, signals.Start);
        await using var relay = Relay(settings, name, logs);
        var found = await relay.ConnectAsync(signals.Start);
        Rehearsal.Play();
        await using var health = new HealthChecker(
            KnownChecks.For, (backend, verdict) => mailbox.Post(new NodeInput.Judged(backend, verdict)), clock.Time, logs.CreateLogger<HealthChecker>());
        await using var feedback = new FeedbackAsker(
            (backend, percent) => mailbox.Post(new NodeInput.Weighed(backend, percent)), clock, logs.CreateLogger<FeedbackAsker>());
        var sieve = new MapSieve(name);
        var link = new LeaderLink([.. settings.Coordinators.Select(c => c.ToString())], mailbox, sieve, clock.Time, logs.CreateLogger<LeaderLink>());
        var maps = new MapFile(settings.Data, new LocalDisk(), clock.Time, logs.CreateLogger<MapFile>());
        var plane = new PlaneRunner(new RelayPlane(relay), new RelayVips(relay), mailbox, clock.Time, [.. found.Held ?? []], logs.CreateLogger<PlaneRunner>());

        Reactor? reactor = null;
        await using var api = NodeApi.Build(
            listening, ConsoleLogs.Configure, () => Status(name, reactor!, relay, link, clock), () => reactor!.Map, dns.Census);
        await api.StartAsync(signals.Start);
        var facts = FactsOf(settings, name, watch.Address, dns.Endpoint, IPEndPoint.Parse(new Uri(api.Urls.First()).Authority));
        reactor = new Reactor(facts, Guid.NewGuid().ToString("N"), maps.Load(sieve), clock.Now);
        var zones = new ZoneMaker();
        var hands = new AgentHands(link, watch, plane, maps, sieve, (map, change) => Publish(dns, map, zones.Make(map, change, clock.Now)), check => Check(health, feedback, check));
        var loop = new AgentLoop(reactor, mailbox, hands, clock, logs.CreateLogger<AgentLoop>());

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        signals.Run();
        Task[] shell =
        [
            relay.RunAsync(end.Token), link.RunAsync(end.Token), watch.RunAsync(end.Token), plane.RunAsync(end.Token), maps.RunAsync(end.Token), new NodeTicker(mailbox, clock.Time).RunAsync(end.Token),
            keys?.RunAsync(end.Token) ?? Task.CompletedTask,
            settings.HighPriority ? new PriorityKeeper(clock.Time, logs.CreateLogger<PriorityKeeper>()).RunAsync(end.Token) : Task.CompletedTask,
        ];
        try
        {
            await FirstEndAsync(loop.RunAsync(end.Token), shell);
            await relay.EndAsync(CancellationToken.None);
        }
        finally
        {
            await end.CancelAsync();
        }

        await Task.WhenAll(shell);
        await api.StopAsync(CancellationToken.None);
    }

    /// <summary>The loop's end is the agent's. A part of the shell that fails before takes the agent with it: going on without hands or ears would only look alive.</summary>
    private static async Task FirstEndAsync(Task loop, IEnumerable<Task> shell)
    {
        var parts = shell.Prepend(loop).ToList();
        while (!loop.IsCompleted)
        {
            var ended = await Task.WhenAny(parts);
            await ended;
            parts.Remove(ended);
        }
    }

    private static NodeFacts FactsOf(NodeSettings settings, NodeName name, IPEndPoint watch, IPEndPoint dns, IPEndPoint api) => new(
        name,
        settings.Site,
        settings.Domain,
        (long)(settings.CapacityBps * settings.CapacityShare),
        settings.WatchAdvertise ?? watch,
        settings.DnsAdvertise ?? dns,
        api,
        (int)Math.Ceiling(settings.ConnectionsMax * settings.CapacityShare),
        settings.Segment);

    private static void Publish(DnsServer dns, FleetMap map, ZoneSnapshot zones)
    {
        dns.Apply(map.Policy.Zone);
        dns.Publish(zones);
    }

    private static KeyWatcher? KeysOf(NodeSettings settings, MonotonicClock clock, DnsServer dns, ILoggerFactory logs) => settings.DnssecKeys is not { } folder
        ? null
        : new KeyWatcher(
            new KeyFolder(folder), clock.Time, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), dns.Publish, logs.CreateLogger<KeyWatcher>());

    private static RelayClient Relay(NodeSettings settings, NodeName name, ILoggerFactory logs) => new(
        new RelayClientOptions
        {
            SocketPath = Path.Combine(Directory.CreateDirectory(settings.Data).FullName, "relay.sock"),
            SparePath = settings.Relay.Spare ? Path.Combine(settings.Data, "spare.sock") : null, // No longer than the other: what fits into a socket's address goes on fitting.
            Node = name.Value,
            OrphanMax = settings.Relay.OrphanMax,
            LogFile = Path.Combine(settings.Data, "relay.log"),
        },
        logs.CreateLogger<RelayClient>());

    private static void Check(HealthChecker health, FeedbackAsker feedback, NodeEffect.CheckBackends check)
    {
        health.Reconcile(check.Backends);
        feedback.Reconcile(check.Backends);
    }

    private static NodeStatus Status(NodeName name, Reactor reactor, RelayClient relay, LeaderLink link, MonotonicClock clock) => new(
        name.Value,
        Environment.ProcessId,
        relay.Pid,
        relay.SparePid,
        link.IsOpen,
        Math.Round((reactor.LeaseUntil - clock.Now).TotalMilliseconds, 1),
        reactor.Map.Version,
        reactor.Map.Vips.Values.Count(v => v.HeldBy(name)));
}
