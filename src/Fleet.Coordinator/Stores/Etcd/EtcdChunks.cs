namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>Writes and reads what is too large for one transaction.</summary>
internal sealed class EtcdChunks(EtcdClient client, EtcdKeys keys)
{
    private const int ReadAtOnce = 4;

    /// <summary>Writes them all; nobody reads them before a <see cref="ChunkedValue"/> says so.</summary>
    /// <returns>False when this coordinator does not lead any more.</returns>
    /// <exception cref="EtcdException">Some may have been written, which matters to nobody.</exception>
    public async Task<bool> WriteAsync(EtcdStanding standing, string name, IReadOnlyList<byte[]> chunks, CancellationToken cancellation)
    {
        for (var i = 0; i < chunks.Count; i++)
        {
            // Under its own name, with the same content however often: it may be repeated.
            var write = new TxnRequest(standing.Leads(keys), [new PutRequest(keys.Chunk(name, i), chunks[i])], []);
            if (!(await client.TxnAsync(write, true, cancellation, true)).Succeeded)
                return false;
        }

        return true;
    }

    /// <summary>Null when they are not all there: they have been dropped meanwhile.</summary>
    public async Task<byte[]?> ReadAsync(ChunkedValue value, CancellationToken cancellation)
    {
        var chunks = new List<byte[]>();
        while (chunks.Count < value.Count)
        {
            var range = new RangeRequest(keys.Chunk(value.Name, chunks.Count)) { RangeEnd = keys.Chunk(value.Name, value.Count), Limit = ReadAtOnce };
            var answer = await client.RangeAsync(range, cancellation, true);
            if (answer.Keys.Length == 0)
                return null;
            chunks.AddRange(answer.Keys.Select(key => key.Value ?? []));
        }

        return value.Join(chunks);
    }
}
