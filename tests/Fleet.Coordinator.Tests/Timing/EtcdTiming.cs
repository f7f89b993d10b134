using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Stores.Etcd;
using Fleet.Demo.Servers;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Timing;

/// <summary>How long the store takes with a real etcd of three members: what docs/decisions/0015-etcd.md says.</summary>
internal static class EtcdTiming
{
    private static readonly CoordinatorAddress First = new("c1", null, null);
    private static readonly CoordinatorAddress Second = new("c2", null, null);

    public static async Task<int> RunAsync()
    {
        await using (var cluster = await EtcdCluster.StartAsync(new EtcdOptions(), CancellationToken.None))
        {
            await AppendsAsync(cluster);
            await CampaignsAsync(cluster);
        }

        var gaps = new List<double>();
        for (var i = 0; i < 10; i++)
            gaps.Add(await GapAsync());
        Tell("gap of appends when the raft leader is killed", gaps);
        return 0;
    }

    private static async Task AppendsAsync(EtcdCluster cluster)
    {
        await using var store = EtcdServers.Open(EtcdServers.For(cluster.Endpoints));
        var term = (await store.CampaignAsync(First, CancellationToken.None)).Term;
        var took = new List<double>();
        for (var revision = 1; revision <= 3000; revision++)
        {
            var since = Stopwatch.GetTimestamp();
            await store.AppendAsync(Samples.Entry(revision, term), CancellationToken.None);
            if (revision > 500)
                took.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        Tell("append of a small entry", took);
        took = [];
        for (var revision = 3001; revision <= 3020; revision++)
        {
            var large = Samples.Large(revision, term);
            var since = Stopwatch.GetTimestamp();
            await store.AppendAsync(large, CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        Tell($"append of 50,000 VIPs moved ({Samples.Large(1, 1).Text().Length:N0} octets of JSON)", took);
        await SnapshotsAsync(store, term);
    }

    private static async Task SnapshotsAsync(EtcdFleetStore store, long term)
    {
        var state = Samples.State(3020, term);
        var vips = Samples.Vips(50_000).ToImmutableSortedDictionary(
            vip => vip,
            vip => new VipEntry { Address = vip, Service = new ServiceName("web"), Phase = VipPhase.Serving, Owner = new NodeName("adc-1") });
        state = state with { Map = state.Map with { Vips = vips } };
        var (saved, loaded) = (new List<double>(), new List<double>());
        for (var i = 0; i < 10; i++)
        {
            var since = Stopwatch.GetTimestamp();
            await store.SaveSnapshotAsync(state, CancellationToken.None);
            saved.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            since = Stopwatch.GetTimestamp();
            await store.LoadSnapshotAsync(CancellationToken.None);
            loaded.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        Tell($"snapshot of 50,000 VIPs saved ({state.Text().Length:N0} octets of JSON)", saved);
        Tell("the same loaded", loaded);
    }

    private static async Task CampaignsAsync(EtcdCluster cluster)
    {
        var took = new List<double>();
        var settings = EtcdServers.For(cluster.Endpoints);
        await using var first = EtcdServers.Open(settings);
        await using var second = EtcdServers.Open(settings);
        for (var i = 0; i < 20; i++)
        {
            var old = await first.CampaignAsync(First, CancellationToken.None);
            var waiting = second.CampaignAsync(Second, CancellationToken.None);
            await Task.Delay(200);
            var since = Stopwatch.GetTimestamp();
            await second.DeposeAsync(old.Term, CancellationToken.None);
            var won = await waiting;
            await second.AppendAsync(Samples.Entry(i + 1, won.Term), CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            await second.DeposeAsync(won.Term, CancellationToken.None);
        }

        Tell("from a standby's word to its first append", took);
    }

    private static async Task<double> GapAsync()
    {
        await using var cluster = await EtcdCluster.StartAsync(new EtcdOptions(), CancellationToken.None);
        var raft = await cluster.RaftLeaderAsync(CancellationToken.None);
        var at = cluster.Members.ToList().IndexOf(raft);
        await using var store = EtcdServers.Open(EtcdServers.For([cluster.Endpoints[at], .. cluster.Endpoints.Where((_, i) => i != at)]));
        var term = (await store.CampaignAsync(First, CancellationToken.None)).Term;
        var (longest, last, killed) = (0.0, Stopwatch.GetTimestamp(), false);
        for (var revision = 1; revision <= 1000; revision++)
        {
            if (revision == 300 && !killed)
            {
                killed = true;
                _ = raft.KillAsync();
            }

            await store.AppendAsync(Samples.Entry(revision, term), CancellationToken.None);
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(last).TotalMilliseconds);
            last = Stopwatch.GetTimestamp();
        }

        return longest;
    }

    private static void Tell(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        double At(double part) => milliseconds[(int)Math.Min(milliseconds.Count - 1, part * milliseconds.Count)];
        Console.WriteLine($"{what}: median {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, max {milliseconds[^1]:0.0} ms, {milliseconds.Count} times");
    }
}
