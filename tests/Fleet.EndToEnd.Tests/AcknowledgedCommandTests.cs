using System.Net;
using System.Net.Sockets;
using Fleet.Demo.Clients;
using Fleet.Demo.Processes;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// One hundred times, in two fleets at once: a coordinator is given random commands by several clients and killed with <c>kill -9</c> at a random moment; the next one must know
/// every command that was acknowledged, and of those that were under way either all or nothing.
/// </summary>
[Trait(Beside.Trait, Beside.Others)]
public sealed class AcknowledgedCommandTests
{
    private const int Fleets = 2;
    private const int Rounds = 50;
    private const int Clients = 3;

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
        var writers = Enumerable.Range(0, Clients).Select(i => new Writer(i, seed)).ToArray();
        long term = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using var coordinator = Start(network, folder);
            using var api = new FleetApi(new Uri($"http://{network.Coordinator}"));
            await api.WaitAsync(CancellationToken.None);
            var map = await api.MapAsync(CancellationToken.None);
            map.Version.Term.ShouldBeGreaterThan(term, $"seed {seed}, round {round}");
            term = map.Version.Term;
            foreach (var writer in writers)
                writer.Check(map.Services.Values, $"seed {seed}, round {round}");
            var writing = Task.WhenAll(writers.Select(w => w.WriteAsync(api)));
            await Task.Delay(chance.Next(0, 120));
            coordinator.Send(Signal.Kill);
            await coordinator.WaitAsync(CancellationToken.None);
            await writing;
        }

        writers.Sum(w => w.Acknowledged).ShouldBeGreaterThan(Rounds);
        Directory.Delete(folder, recursive: true);
    }

    private static ChildProcess Start(FleetNetwork network, string folder) => ChildProcess.Start(
        "coordinator",
        Programs.Coordinator,
        ["--set", $"fleet.coordinator.listen=\"{network.Coordinator}\"", "--set", $"fleet.coordinator.data=\"{folder}/data\"", "--set", "fleet.coordinator.snapshot-every=50"],
        Path.Combine(folder, "coordinator.log"));

    /// <summary>Applies, changes and removes services of its own, one command after the other, and remembers what it was told.</summary>
    private sealed class Writer(int number, int seed)
    {
        private readonly Random chance = new(seed + number);
        private readonly Dictionary<string, Service?> known = [];
        private (string Name, Service? Wanted)? underWay;

        public int Acknowledged { get; private set; }

        public async Task WriteAsync(FleetApi api)
        {
            while (true)
            {
                var name = $"w{number}-{chance.Next(5)}";
                var wanted = known.GetValueOrDefault(name) is not null && chance.Next(3) == 0 ? null : Make(name);
                underWay = (name, wanted);
                try
                {
                    using var answer = wanted is null
                        ? await api.RemoveServiceAsync(name, CancellationToken.None)
                        : await api.PutAsync(wanted, CancellationToken.None);
                    answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
                }
                catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException or IOException)
                {
                    return;
                }

                known[name] = wanted;
                underWay = null;
                Acknowledged++;
            }
        }

        /// <summary>What the new leader knows must be what was acknowledged; a command that was under way may have happened.</summary>
        public void Check(IEnumerable<Service> services, string where)
        {
            var found = services.ToDictionary(s => s.Name.Value);
            if (underWay is { } open && Same(found.GetValueOrDefault(open.Name), open.Wanted))
                known[open.Name] = open.Wanted;
            underWay = null;
            foreach (var (name, wanted) in known)
                Same(found.GetValueOrDefault(name), wanted).ShouldBeTrue($"{where}: service {name} should be {wanted?.DemandBps.ToString() ?? "gone"}, is {found.GetValueOrDefault(name)?.DemandBps.ToString() ?? "gone"}");
        }

        /// <summary>The declared demand tells one version of a service from the next.</summary>
        private static bool Same(Service? left, Service? right) => left?.DemandBps == right?.DemandBps;

        private Service Make(string name) => new()
        {
            Name = ServiceName.Of(name),
            Listeners = [new Listener(80, ListenerProtocol.Tcp)],
            Vips = [VipAddress.Of($"127.200.{number}.{name[^1] - '0' + 1}")],
            DemandBps = chance.NextInt64(1, Limits.Demand.Max),
            Pool = new Pool([new Backend("b1", new IPEndPoint(IPAddress.Loopback, 9))], CheckSpec.Default, BalancePolicy.RoundRobin, AllDown.FailClosed, false),
        };
    }
}
