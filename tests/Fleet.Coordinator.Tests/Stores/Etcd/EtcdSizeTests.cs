using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>What is larger than a request to etcd may be, which is 1.5 MB.</summary>
[Collection(EtcdCollection.Name)]
public sealed class EtcdSizeTests(EtcdServers servers) : IDisposable
{
    private static readonly CoordinatorAddress Candidate = new("c1", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));
    private readonly EtcdSettings _settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };

    private CancellationToken Bound => _bound.Token;

    [EtcdFact]
    public async Task Entry_with_fifty_thousand_vips_is_appended_read_and_followed()
    {
        await using var store = EtcdServers.Open(_settings);
        await using var reader = EtcdServers.Open(_settings);
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await store.AppendAsync(Samples.Entry(1, term), Bound);
        await using var tail = reader.TailAsync(1, Bound).GetAsyncEnumerator(Bound);
        (await tail.MoveNextAsync()).ShouldBeTrue();
        var followed = tail.MoveNextAsync();
        var large = Samples.Large(2, term);
        await store.AppendAsync(large, Bound);
        await store.AppendAsync(Samples.Entry(3, term), Bound);
        var read = await EtcdStage.ReadAsync(reader, 1, Bound);
        read.Select(entry => entry.Revision).ShouldBe([1, 2, 3]);
        read[1].Text().ShouldBe(large.Text());
        (await followed).ShouldBeTrue();
        tail.Current.Text().ShouldBe(large.Text());
    }

    [EtcdFact]
    public async Task Snapshot_of_many_chunks_is_loaded_whole_and_leaves_nothing_of_the_one_before()
    {
        await using var store = EtcdServers.Open(_settings);
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendSurelyAsync(store, term, 1, 2, Bound);
        await store.SaveSnapshotAsync(Incompressible(1, term), Bound);
        var state = Incompressible(2, term);
        await store.SaveSnapshotAsync(state, Bound);
        (await store.LoadSnapshotAsync(Bound)).ShouldNotBeNull().Text().ShouldBe(state.Text());
        var keys = new EtcdKeys(_settings.Prefix);
        using var client = new EtcdClient(_settings, new LocalDisk(), TimeProvider.System, NullLogger.Instance);
        var pointer = ChunkedValue.Parse((await client.RangeAsync(new RangeRequest(keys.Snapshot), Bound)).Only!.Value!).ShouldNotBeNull();
        pointer.Count.ShouldBeGreaterThan(2);
        var all = new RangeRequest(keys.Chunks("")) { RangeEnd = keys.ChunksEnd, KeysOnly = true };
        (await client.RangeAsync(all, Bound)).Keys.Length.ShouldBe(pointer.Count);
    }

    /// <summary>Its chunks are there, in the wrong order: what restoring only some keys would do.</summary>
    [EtcdFact]
    public async Task Snapshot_that_is_not_what_was_written_is_refused()
    {
        await using var store = EtcdServers.Open(_settings);
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await EtcdStage.AppendSurelyAsync(store, term, 1, 1, Bound);
        await store.SaveSnapshotAsync(Samples.State(1, term), Bound);
        var keys = new EtcdKeys(_settings.Prefix);
        using var client = new EtcdClient(_settings, new LocalDisk(), TimeProvider.System, NullLogger.Instance);
        var pointer = ChunkedValue.Parse((await client.RangeAsync(new RangeRequest(keys.Snapshot), Bound)).Only!.Value!).ShouldNotBeNull();
        await client.TxnAsync(new TxnRequest([], [new PutRequest(keys.Chunk(pointer.Name, 0), [1, 2, 3])], []), true, Bound);
        (await Should.ThrowAsync<StoreUnreachableException>(() => store.LoadSnapshotAsync(Bound))).Message.ShouldContain("not what was written");
    }

    [EtcdFact]
    public async Task Entries_that_are_dropped_take_their_chunks_with_them()
    {
        await using var store = EtcdServers.Open(_settings);
        var term = (await store.CampaignAsync(Candidate, Bound)).Term;
        await store.AppendAsync(Samples.Large(1, term), Bound);
        await EtcdStage.AppendSurelyAsync(store, term, 2, 1001, Bound);
        await store.SaveSnapshotAsync(Samples.State(1002, term), Bound);
        var keys = new EtcdKeys(_settings.Prefix);
        using var client = new EtcdClient(_settings, new LocalDisk(), TimeProvider.System, NullLogger.Instance);
        var chunks = new RangeRequest(keys.Chunks("entry-")) { RangeEnd = keys.Chunks("entry0"), KeysOnly = true };
        (await client.RangeAsync(chunks, Bound)).Keys.ShouldBeEmpty();
        (await EtcdStage.ReadAsync(store, 1, Bound))[0].Revision.ShouldBe(3);
    }

    public void Dispose() => _bound.Dispose();

    private static FleetState Incompressible(long revision, long term)
    {
        var chance = new Random((int)revision);
        var octets = new byte[16];
        string Name()
        {
            chance.NextBytes(octets);
            return $"n{Convert.ToHexStringLower(octets)}";
        }

        return Samples.State(revision, term) with
        {
            WitnessSets = Enumerable.Range(0, 80_000)
                .ToImmutableSortedDictionary(_ => new NodeName(Name()), _ => ImmutableArray<WitnessSet>.Empty),
        };
    }
}
