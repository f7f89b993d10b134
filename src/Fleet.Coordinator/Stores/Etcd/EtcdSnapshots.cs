using System.Text.Json;
using Fleet.Coordinator.State;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Keeps one snapshot, in chunks. The key that names them is written last, so that whoever reads finds all of one or all of the other.
/// </summary>
internal sealed class EtcdSnapshots(EtcdClient client, EtcdKeys keys, EtcdChunks chunks, EtcdEntries entries, IAside aside)
{
    /// <summary>So many entries stay, whatever a snapshot covers.</summary>
    private const long Kept = 1000;

    /// <summary>Of one transaction: etcd does nothing else meanwhile.</summary>
    private const long DropAtOnce = 1000;

    private const int TriesMax = 3;

    private int _saved;

    /// <returns>False when this coordinator does not lead any more.</returns>
    /// <exception cref="EtcdException">It was not saved, or not everything that it covers was dropped.</exception>
    public async Task<bool> SaveAsync(EtcdStanding standing, FleetState state, CancellationToken cancellation)
    {
        var version = state.Map.Version;
        var last = await entries.LastAsync(cancellation);
        if (version.Revision > last)
            throw new ArgumentException($"Revision {version.Revision} has not been appended; the last is {last}.", nameof(state));
        var name = EtcdKeys.ChunksOf("snapshot", version.Revision, standing.Term, ++_saved);
        var (value, parts) = await aside.RunAsync(
            "snapshot", () => ChunkedValue.Cut(name, JsonSerializer.SerializeToUtf8Bytes(state, JournalJson.Default.FleetState)));
        if (!await chunks.WriteAsync(standing, name, parts, cancellation))
            return false;
        var point = new TxnRequest(
            standing.Leads(keys),
            [
                new PutRequest(keys.Snapshot, value.ToOctets()),
                new DeleteRangeRequest(keys.Chunks("snapshot-")) { RangeEnd = keys.Chunks(name) },
            ],
            []);
        return (await client.TxnAsync(point, true, cancellation)).Succeeded
            && await DropAsync(standing, Math.Min(version.Revision, last - Kept), cancellation);
    }

    /// <param name="found">Called with the revision of the snapshot that is there, before that is read.</param>
    /// <exception cref="EtcdException">It cannot be read now.</exception>
    public async Task<FleetState?> LoadAsync(Action<long> found, CancellationToken cancellation)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if ((await client.RangeAsync(new RangeRequest(keys.Snapshot), cancellation)).Only?.Value is not { } pointer)
                return null;
            var value = ChunkedValue.Parse(pointer);
            if (EtcdKeys.RevisionOfChunks(value?.Name) is { } revision)
                found(revision);
            // A newer one may take its place while it is read.
            if (value is not null && await chunks.ReadAsync(value, cancellation) is { } json)
                return await aside.RunAsync("snapshot", () => Parse(json));
        }

        throw new EtcdException(EtcdFailure.Refused, "the snapshot in etcd is not what was written");
    }

    private static FleetState? Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, JournalJson.Default.FleetState);
        }
        catch (JsonException e)
        {
            throw new EtcdException(EtcdFailure.Refused, $"the snapshot in etcd cannot be read: {e.Message}", e);
        }
    }

    private async Task<bool> DropAsync(EtcdStanding standing, long upTo, CancellationToken cancellation)
    {
        if (upTo < 1)
            return true;
        for (var from = await entries.OldestAsync(cancellation); from <= upTo; from += DropAtOnce)
        {
            var end = Math.Min(upTo, from + DropAtOnce - 1) + 1;
            var drop = new TxnRequest(
                standing.Leads(keys),
                [
                    new DeleteRangeRequest(keys.Journal(0)) { RangeEnd = keys.Journal(end) },
                    new DeleteRangeRequest(keys.Chunks("entry-")) { RangeEnd = keys.Chunks(EtcdKeys.ChunksFrom("entry", end)) },
                ],
                []);
            if (!(await client.TxnAsync(drop, true, cancellation)).Succeeded)
                return false;
        }

        return true;
    }
}
