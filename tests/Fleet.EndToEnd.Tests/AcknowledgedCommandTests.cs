using System.Net;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;
using Fleet.Testing.Linearizability;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// One hundred times, in two fleets at once: several operators change the same services, some only if the fleet is at the version they know, and
/// one reads, while the coordinator is killed with <c>kill -9</c> at a random moment. What all of them were told must be what one fleet can have
/// told that loses nothing: no acknowledged command is undone, and of those that were under way each was done by then, whole, or never.
/// </summary>
[Trait(Beside.Trait, Beside.Others)]
public sealed class AcknowledgedCommandTests
{
    private const int Fleets = 2;
    private const int Rounds = 50;
    private const int Writers = 3;
    private const int Services = 6;

    [Fact]
    public async Task Coordinator_killed_at_any_moment_loses_no_acknowledged_command()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FLEET_SEED"), out var given) ? given : Random.Shared.Next();
        await Task.WhenAll(Enumerable.Range(seed, Fleets).Select(KillAsync));
    }

    private static async Task KillAsync(int seed)
    {
        var chance = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("fleet-e2e-").FullName;
        using var network = FleetNetwork.Take();
        var recorder = new Recorder();
        var reader = new RecordingOperator("reader", recorder);
        var writers = Enumerable.Range(0, Writers).Select(i => new Writer(new RecordingOperator($"writer-{i}", recorder), seed + i)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            await using var coordinator = Start(network, folder);
            using var api = new FleetApi(new Uri($"http://{network.Coordinator}"));
            using var http = new HttpClient { BaseAddress = api.Url, Timeout = TimeSpan.FromSeconds(5) };
            await api.WaitAsync(CancellationToken.None);
            (await reader.ReadAsync(http)).ShouldBeTrue($"seed {seed}, round {round}");
            var calls = Task.WhenAll([ReadAsync(reader, http), .. writers.Select(writer => writer.WriteAsync(http))]);
            await Task.Delay(chance.Next(0, chance.Next(4) == 0 ? 500 : 120));
            coordinator.Send(Signal.Kill);
            await coordinator.WaitAsync(CancellationToken.None);
            await calls;
            foreach (var one in writers.Select(writer => writer.Operator).Append(reader))
                one.GiveUp();
            var result = HistoryChecker.Check(recorder.History);
            result.IsRight.ShouldBeTrue($"seed {seed}, round {round}: {result}");
        }

        recorder.History.Calls.Count(call => call.Outcome.MadeVersion).ShouldBeGreaterThan(Rounds / 2);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task ReadAsync(RecordingOperator reader, HttpClient http)
    {
        while (await reader.ReadAsync(http))
            await Task.Delay(2);
    }

    private static ChildProcess Start(FleetNetwork network, string folder) => ChildProcess.Start(
        "coordinator",
        Programs.Coordinator,
        [
            "--set", $"fleet.coordinator.listen=\"{network.Coordinator}\"",
            "--set", $"fleet.coordinator.data=\"{folder}/data\"",
            "--set", "fleet.coordinator.snapshot-every=50",
        ],
        Path.Combine(folder, "coordinator.log"));

    /// <summary>
    /// Reads, then changes services that the others change too, by turns only if nobody has been quicker and in any case, until no answer comes.
    /// </summary>
    private sealed class Writer(RecordingOperator its, int seed)
    {
        private readonly Random _chance = new(seed);

        public RecordingOperator Operator => its;

        public async Task WriteAsync(HttpClient http)
        {
            while (await its.ReadAsync(http) && await ChangeAsync(http, its.Version) && await ChangeAsync(http, null))
            {
            }
        }

        private Task<bool> ChangeAsync(HttpClient http, MapVersion? ifVersion)
        {
            var number = _chance.Next(Services);
            return _chance.Next(4) == 0
                ? its.RemoveAsync(http, ServiceName.Parse($"s-{number}"), ifVersion)
                : its.ApplyAsync(http, Make(number), ifVersion);
        }

        private Service Make(int number) => new()
        {
            Name = ServiceName.Parse($"s-{number}"),
            Listeners = [new Listener(80, ListenerProtocol.Tcp)],
            Vips = [VipAddress.Parse($"127.200.0.{number + 1}")],
            DemandBps = _chance.NextInt64(1, Limits.Demand.Max),
            Pool = new Pool(
                [new Backend("b1", new IPEndPoint(IPAddress.Loopback, 9))], CheckSpec.Default, BalancePolicy.RoundRobin, AllDown.FailClosed, false),
        };
    }
}
