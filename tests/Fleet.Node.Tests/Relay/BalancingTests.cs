using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay.Balancing;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

public sealed class BalancingTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void Round_robin_is_smooth_and_follows_the_weights()
    {
        var pool = PoolOf(BalancePolicy.RoundRobin, ("a", 5), ("b", 1), ("c", 1));
        string.Concat(Enumerable.Range(0, 14).Select(_ => Pick(pool))).ShouldBe("aabacaaaabacaa");
    }

    [Fact]
    public void Least_connections_goes_to_the_least_loaded_for_its_weight()
    {
        var pool = PoolOf(BalancePolicy.LeastConnections, ("a", 2), ("b", 1));
        var picks = Enumerable.Range(0, 9).Select(_ => Pick(pool)).ToList();
        picks.Count(p => p == "a").ShouldBe(6);
    }

    [Fact]
    public void Least_connections_takes_turns_among_equals()
    {
        var pool = PoolOf(BalancePolicy.LeastConnections, ("a", 1), ("b", 1), ("c", 1));
        var picks = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var backend = pool.Enter(Client, [])!;
            picks.Add(backend.Backend.Name);
            pool.Leave(backend);
        }

        string.Concat(picks).ShouldBe("abcabc");
    }

    [Fact]
    public void Source_moves_only_the_clients_of_the_backend_that_left()
    {
        var before = PoolOf(BalancePolicy.Source, ("a", 100), ("b", 100), ("c", 100));
        var after = PoolOf(BalancePolicy.Source, ("a", 100), ("c", 100));
        var clients = Enumerable.Range(0, 300).Select(i => new IPAddress([10, 0, (byte)(i / 250), (byte)(i % 250)])).ToList();
        var homes = clients.ToDictionary(c => c, c => Pick(before, c));
        homes.Values.Distinct().Order().ShouldBe(["a", "b", "c"]);
        foreach (var client in clients.Where(c => homes[c] != "b"))
            Pick(after, client).ShouldBe(homes[client]);
    }

    [Fact]
    public void Source_follows_the_weights()
    {
        var pool = PoolOf(BalancePolicy.Source, ("a", 200), ("b", 100));
        var picks = Enumerable.Range(0, 3000).Select(i => Pick(pool, new IPAddress([10, 1, (byte)(i >> 8), (byte)i]))).ToList();
        picks.Count(p => p == "a").ShouldBeInRange(1850, 2150);
    }

    [Theory]
    [InlineData(BalancePolicy.RoundRobin)]
    [InlineData(BalancePolicy.LeastConnections)]
    [InlineData(BalancePolicy.Source)]
    public void Weight_zero_and_tried_backends_take_nothing(BalancePolicy balance)
    {
        var pool = PoolOf(balance, ("a", 0), ("b", 1), ("c", 1));
        var first = pool.Enter(Client, [])!;
        var second = pool.Enter(Client, [first])!;
        new[] { first.Backend.Name, second.Backend.Name }.Order().ShouldBe(["b", "c"]);
        pool.Enter(Client, [first, second]).ShouldBeNull();
    }

    [Fact]
    public void Backend_that_stays_keeps_its_connections_through_a_change()
    {
        var pool = PoolOf(BalancePolicy.LeastConnections, ("a", 1), ("b", 1));
        Pick(pool);
        Update(pool, BalancePolicy.LeastConnections, ("a", 1), ("c", 1));
        Pick(pool).ShouldBe("c");
    }

    private static string Pick(BackendPool pool, IPAddress? client = null) => pool.Enter(client ?? Client, [])!.Backend.Name;

    private static BackendPool PoolOf(BalancePolicy balance, params (string Name, int Weight)[] backends)
    {
        var pool = new BackendPool();
        Update(pool, balance, backends);
        return pool;
    }

    private static void Update(BackendPool pool, BalancePolicy balance, params (string Name, int Weight)[] backends)
    {
        var name = new ServiceName("s");
        pool.Update(
            new ServicePlan(
                name, [], [], [.. backends.Select(b => new BackendServer(b.Name, new IPEndPoint(IPAddress.Loopback, 80)))], balance, false),
            BackendStates.None with { Weights = backends.ToImmutableSortedDictionary(b => new BackendKey(name, b.Name), b => b.Weight) });
    }
}
