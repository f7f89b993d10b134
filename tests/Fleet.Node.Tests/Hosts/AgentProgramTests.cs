using System.Net;
using Fleet.Node.Checks;
using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Hosts;

/// <summary>The agent and its relays on a host in memory: one thread, one clock.</summary>
public sealed class AgentProgramTests : IDisposable
{
    private static readonly VipAddress Vip = Build.Vip(1);

    /// <summary>Its last map, by which it holds a VIP as soon as the leader gives it a lease.</summary>
    private static readonly FleetMap Map = Build.Map([Build.Node("adc-1", witnesses: "adc-2"), Build.Node("adc-2")], [Build.Serving(1, "adc-1")]);

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-agent-").FullName;
    private readonly OneThread _thread = new();
    private readonly NodeMailbox _mailbox = new();
    private readonly FakeDatagrams _datagrams = new();
    private readonly FakeRelays _relays;
    private readonly List<ZoneSnapshot> _published = [];
    private Action<ZoneSnapshot> _publish;
    private bool _acknowledges = true;

    public AgentProgramTests()
    {
        _relays = new FakeRelays(_thread);
        _publish = _published.Add;
        File.WriteAllBytes(Path.Combine(_folder, "map.json"), MapFile.Text(Map));
    }

    [Fact]
    public void Agent_and_relays_never_leave_the_thread_they_were_started_on()
    {
        var (program, running) = Start();
        _thread.RunUntil(() => Serves && program.Status.SparePid is not null, "the VIP is served, and a spare stands by");
        _published.ShouldHaveSingleItem();

        var lost = program.Status.PlanePid!.Value;
        _relays.Kill(lost);
        _thread.RunUntil(() => Serves, "the spare serves", 10);
        program.Status.PlanePid.ShouldNotBe(lost);

        _acknowledges = false;
        _thread.RunUntil(() => !Serves, "the lease ends", 500);
        _acknowledges = true;
        _thread.RunUntil(() => Serves, "the lease is back", 3000);
        _thread.RunUntil(() => program.Status.SparePid is not null, "another spare");

        _mailbox.Tell(new NodeInput.StopAsked());
        _thread.RunUntil(() => running.IsCompleted, "it hands over and goes", 20_000);
        running.IsCompletedSuccessfully.ShouldBeTrue(running.Exception?.ToString());
        _relays.Running.ShouldBe(0, "the relay and its spare end with the agent");
        var disposing = _thread.Begin(() => program.DisposeAsync().AsTask());
        _thread.RunUntil(() => disposing.IsCompleted, "nothing is probed any more");
        _thread.Strays.ShouldBeEmpty();
    }

    [Fact]
    public void Relay_serves_to_the_end_of_its_lease_when_the_agent_stands_still_and_not_beyond()
    {
        using var killed = new CancellationTokenSource();
        var (_, running) = Start(killed.Token);
        _thread.RunUntil(() => Serves, "the VIP is served");
        killed.Cancel();
        _thread.RunUntil(() => running.IsCompleted, "the agent is gone", 1);
        Serves.ShouldBeTrue();
        _thread.RunUntil(() => !Serves, "the lease ends", 400);
        _relays.Running.ShouldBeGreaterThan(0);
    }

    /// <summary>It was taken for the agent's end: its relay was killed, and it ended with 0.</summary>
    [Fact]
    public void Loop_that_fails_at_once_is_a_failure_and_ends_no_relay()
    {
        _publish = _ => throw new InvariantBrokenException("for this test");
        var (_, running) = Start();
        _thread.RunUntil(() => running.IsCompleted, "it ends");
        running.Exception?.InnerException.ShouldBeOfType<InvariantBrokenException>();
        running.IsFaulted.ShouldBeTrue();
        _relays.Running.ShouldBe(1);
    }

    /// <summary>It went on without, and only looked alive.</summary>
    [Fact]
    public void Part_of_the_shell_that_fails_takes_the_agent_with_it_and_no_relay()
    {
        var part = new TaskCompletionSource();
        var (_, running) = Start(default, _ => part.Task);
        _thread.RunUntil(() => Serves, "the VIP is served");
        part.SetException(new IOException("for this test"));
        _thread.RunUntil(() => running.IsCompleted, "it ends");
        running.Exception?.InnerException.ShouldBeOfType<IOException>();
        running.IsFaulted.ShouldBeTrue();
        _relays.Running.ShouldBeGreaterThan(0);
    }

    /// <summary>It ended a relay, and cut all its connections, that an agent came when no descriptor was left.</summary>
    [Fact]
    public void Agent_that_cannot_be_let_in_is_let_in_later()
    {
        _relays.DoorFailuresLeft = 3;
        var (program, _) = Start();
        _thread.RunUntil(() => Serves, "the VIP is served");
        program.Status.PlanePid.ShouldBe(FakeRelays.FirstPid);
    }

    [Fact]
    public void Status_can_be_asked_before_it_runs()
    {
        var program = Make();
        program.Status.Vips.ShouldBe(0);
        program.Map.ShouldBeSameAs(FleetMap.Empty);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private bool Serves => _relays.Serving.Contains(Vip);

    private (AgentProgram Program, Task Running) Start(CancellationToken killed = default, params Func<CancellationToken, Task>[] beside)
    {
        var program = Make();
        return (program, _thread.Begin(() =>
            program.RunAsync(() => Task.CompletedTask, (_, zones) => _publish(zones), beside, CancellationToken.None, killed)));
    }

    private AgentProgram Make()
    {
        var clock = new MonotonicClock(_thread.Time);
        var host = new AgentHost
        {
            Clock = clock,
            Chance = new Random(1),
            Diallers = _ => new FakeLeader(_ => [], Hear),
            Datagrams = _datagrams,
            Checks = (_, _) => new GoodCheck(_thread),
            Feedback = (_, _) => throw new IOException("Nobody listens there."),
            Logs = NullLoggerFactory.Instance,
        };
        var relay = new RelayClientOptions { SocketPath = "relay", SparePath = "spare", Node = "adc-1" };
        var maps = new MapFile(_folder, new LocalDisk(), clock.Time, NullLogger<MapFile>.Instance);
        var driver = new RelayDriver(new RelayClient(relay, _relays, clock.Time, NullLogger<RelayClient>.Instance));
        var coordinator = new LinkAddress(LinkTransport.Ws, new IPEndPoint(IPAddress.Loopback, 9));
        return new AgentProgram(Build.Facts("adc-1"), Build.First, [coordinator], driver, maps, _mailbox, host);
    }

    private IEnumerable<LeaderMessage> Hear(NodeMessage message)
    {
        _thread.Note();
        return message switch
        {
            NodeMessage.Hello => [new LeaderMessage.Welcome(1, Map.Policy.Lease)],
            NodeMessage.Heartbeat beat when _acknowledges => [new LeaderMessage.Ack(beat.Seq, Map.Version)],
            _ => [],
        };
    }

    private sealed class GoodCheck(OneThread thread) : ICheck
    {
        public Task<ProbeResult> ProbeAsync(IPEndPoint backend, CancellationToken cancellation)
        {
            thread.Note();
            return Task.FromResult(ProbeResult.Good);
        }
    }
}
