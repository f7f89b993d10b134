namespace Fleet.Benchmarks.Store;

/// <summary>The parts of <c>./fleet bench store</c>, in the order in which they run.</summary>
internal enum StorePart
{
    /// <summary>Appends of failovers, to etcd and PostgreSQL in turns.</summary>
    Append,

    /// <summary>The read model beside a fleet in which much happens.</summary>
    Projection,

    /// <summary>A follower that has won.</summary>
    Follower,

    /// <summary>A coordinator that is started again.</summary>
    Restart,
}

/// <param name="Seed">Draws which nodes are lost.</param>
/// <param name="Failovers">Appends that are counted, for each store.</param>
/// <param name="Seconds">How long the read model is given events.</param>
/// <param name="Backlog">Events that come after the snapshot.</param>
/// <param name="Repeats">Of takeovers and restarts.</param>
/// <param name="WithPostgres">PostgreSQL is there, and wanted.</param>
/// <param name="Folder">Logs of the coordinators.</param>
internal sealed record StoreOptions(
    int Seed,
    int Nodes,
    int Vips,
    int Failovers,
    int Seconds,
    int Backlog,
    int Repeats,
    IReadOnlyList<StorePart> Parts,
    bool WithPostgres,
    bool AsJson,
    string Folder);
