using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fleet.Node.Checks;
using Fleet.Node.Control;
using Fleet.Node.DataPlanes;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.Doctor;
using Fleet.Node.Doctor.Rules;
using Fleet.Node.Feedback;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Node.Gslb.Keys;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Node;

/// <summary>
/// Starts the agent on a real host: configuration, folder, listeners, DNS, API and signals. Once these are ready, <see cref="AgentProgram"/> runs.
/// </summary>
internal static class Agent
{
    /// <summary>
    /// Runs until the agent is told to stop or has left the fleet, and then returns 0. Returns 1 when an address or a folder cannot be had. Returns
    /// 2, with nothing started, when the configuration has mistakes or asks what this host cannot do.
    /// </summary>
    public static async Task<int> RunAsync(string? configPath, string[] overrides, CancellationToken cancellation)
    {
        var loaded = FleetConfig.Load(configPath, overrides, new HoconFiles(), Environment.GetEnvironmentVariable);
        if (loaded.Value is not { } config)
        {
            foreach (var error in loaded.Errors)
                await Console.Error.WriteLineAsync(error.ToString());
            return 2;
        }

        var refusals = HostChecks.Refusals(config.Node, HostProbe.BeforeStart(config.Node));
        if (!refusals.IsEmpty)
        {
            foreach (var refusal in refusals)
                await Console.Error.WriteLineAsync(refusal);
            return 2;
        }

        var name = config.Node.Name.Length > 0 ? config.Node.Name : Dns.GetHostName();
        var mailbox = new NodeMailbox();
        using var signals = new StopSignals(mailbox, cancellation);
        try
        {
            await RunAsync(config.Node, NodeName.Parse(name), mailbox, signals, cancellation);
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
        using var witness = await wait.BindAsync(
            "witness-listen", ProtocolType.Udp, settings.WitnessListen, at => new UdpDatagrams(at), signals.Start);
        await using var dns = new DnsServer(new DnsServerOptions(), clock, logs.CreateLogger<DnsServer>());
        var keys = KeysOf(settings, clock, dns, logs);
        keys?.Look();
        await wait.BindAsync("dns-listen", ProtocolType.Tcp, settings.DnsListen, at => { dns.Start(at); return dns; }, signals.Start);
        var host = new AgentHost
        {
            Clock = clock,
            Chance = Random.Shared,
            Diallers = DiallerOf,
            Datagrams = witness,
            Checks = KnownChecks.For,
            Feedback = FeedbackAsker.OverTcpAsync,
            Logs = logs,
        };
        var disk = new LocalDisk();
        var wall = clock.Time.GetUtcNow();
        var identity = AgentIdentity.Take(settings.Data, disk, wall, () => Guid.NewGuid().ToString("N"), logs.CreateLogger<AgentIdentity>());
        var facts = FactsOf(settings, name, identity.Host, witness.Address, dns.Endpoint, (IPEndPoint)listening.LocalEndPoint!);
        var maps = new MapFile(settings.Data, disk, clock.Time, logs.CreateLogger<MapFile>());
        var driver = KnownDataPlanes.Create(settings, name.Value, clock, logs);
        await using var program = new AgentProgram(facts, identity.Incarnation, settings.Coordinators, driver, maps, mailbox, host);
        await using var api = NodeApi.Build(listening, ConsoleLogs.Configure, () => program.Status, () => program.Map, dns.Census);
        await program.RunAsync(
            async () =>
            {
                WarmUp.Play(driver.Plane.Capabilities);
                await api.StartAsync(signals.Start);
                signals.Run();
            },
            (map, zones) => Publish(dns, map, zones),
            [end => keys?.RunAsync(end) ?? Task.CompletedTask, end => KeepPriorityAsync(settings, clock, logs, end)],
            signals.Start,
            cancellation);
        await api.StopAsync(CancellationToken.None);
    }

    /// <summary>A transport that has no line here does not compile.</summary>
    private static IDialler DiallerOf(LinkTransport transport) => transport switch
    {
        LinkTransport.Ws => new WsDialler(),
    };

    private static Task KeepPriorityAsync(NodeSettings settings, MonotonicClock clock, ILoggerFactory logs, CancellationToken cancellation) =>
        settings.HighPriority ? new PriorityKeeper(clock.Time, logs.CreateLogger<PriorityKeeper>()).RunAsync(cancellation) : Task.CompletedTask;

    private static NodeFacts FactsOf(NodeSettings settings, NodeName name, string host, IPEndPoint witness, IPEndPoint dns, IPEndPoint api) => new(
        name,
        settings.Site,
        settings.Domain,
        (long)(settings.CapacityBps * settings.CapacityShare),
        settings.WitnessAdvertise ?? witness,
        settings.DnsAdvertise ?? dns,
        api,
        (int)Math.Ceiling(settings.ConnectionsMax * settings.CapacityShare),
        settings.Segment,
        host);

    private static void Publish(DnsServer dns, FleetMap map, ZoneSnapshot zones)
    {
        dns.Apply(map.Policy.Zone);
        dns.Publish(zones);
    }

    private static KeyWatcher? KeysOf(NodeSettings settings, MonotonicClock clock, DnsServer dns, ILoggerFactory logs) =>
        settings.DnssecKeys is not { } folder
        ? null
        : new KeyWatcher(
            new KeyFolder(folder),
            clock.Time,
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
            dns.Publish,
            logs.CreateLogger<KeyWatcher>());
}
