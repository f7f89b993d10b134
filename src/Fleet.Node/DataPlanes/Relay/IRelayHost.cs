namespace Fleet.Node.DataPlanes.Relay;

/// <summary>What an agent needs of its host for its relays: processes that take orders at a path.</summary>
internal interface IRelayHost
{
    /// <summary>Connects to the relay at that path; null when none listens there.</summary>
    Task<RelayPeer?> ConnectAsync(string path, CancellationToken cancellation);

    /// <summary>Starts a relay that is going to listen there.</summary>
    /// <exception cref="IOException">The host does not start it.</exception>
    IRelayChild Start(string path);

    /// <summary>
    /// Kills that process, if it still is a relay of this node, and waits until it is gone and its listeners with it, for a second at most.
    /// </summary>
    Task KillAsync(int pid, CancellationToken cancellation);

    /// <summary>
    /// What listens at <paramref name="from"/> listens at <paramref name="to"/> from now on; whatever was at <paramref name="to"/> is forgotten.
    /// </summary>
    /// <exception cref="IOException">Nothing was there, or the host does not do it.</exception>
    void Rename(string from, string to);

    /// <summary>Forgets what is at that path, if there is anything.</summary>
    /// <exception cref="IOException">The host does not do it.</exception>
    void Delete(string path);
}

/// <summary>The other end of a connection to a relay.</summary>
/// <param name="Stream">A read that is cancelled has taken nothing; disposing it ends the connection.</param>
/// <param name="Pid">The process that listens there, even if it is stopped and does not answer.</param>
internal readonly record struct RelayPeer(Stream Stream, int Pid);

/// <summary>A relay that was started just now. Disposing this leaves it running.</summary>
internal interface IRelayChild : IDisposable
{
    int Id { get; }

    bool HasExited { get; }

    /// <summary>Valid once it <see cref="HasExited"/>.</summary>
    int ExitCode { get; }
}
