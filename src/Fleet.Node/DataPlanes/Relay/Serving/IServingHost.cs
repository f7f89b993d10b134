using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>What a relay needs of the host it runs on.</summary>
internal interface IServingHost
{
    MonotonicClock Clock { get; }

    /// <summary>An alarm that is not set. It rings by calling <paramref name="ring"/>, once for each moment it was set to.</summary>
    IAlarm Alarm(Action ring);

    /// <summary>Listens from now on, or as soon as the host allows.</summary>
    IVipListener Listen(RelayedVip vip, int port, PortPlan plan);

    /// <summary>Opens the path where agents come in. Nothing may be there yet.</summary>
    /// <exception cref="IOException">The host does not do it.</exception>
    IAgentDoor Open(string path);
}

/// <summary>Tells when a moment on the monotonic clock has come, however busy the process is.</summary>
internal interface IAlarm : IDisposable
{
    /// <summary>Rings when this moment has come, or at once if it already has. Does not ring for any moment that was set before.</summary>
    void Set(Instant at);
}

/// <summary>
/// Listens on one port of one VIP until it is disposed of, and asks <see cref="RelayedVip.MayServe"/> before each accept and each chunk. When
/// disposing returns, another process can listen there.
/// </summary>
internal interface IVipListener : IDisposable
{
    /// <summary>Why it does not listen yet; null when it does.</summary>
    string? Failure { get; }

    /// <summary>What it does with the next connection.</summary>
    PortPlan Plan { get; set; }
}

/// <summary>One client's connection through a VIP, from <see cref="RelayedVip.Enter"/> to <see cref="RelayedVip.Leave"/>.</summary>
internal interface IVipConnection
{
    int Port { get; }

    /// <summary>Cuts it, now.</summary>
    void Abort();

    /// <summary>
    /// Ends it if it is to end (its VIP is drained, or its backend has left the plan) and no request is unanswered. True if it did.
    /// </summary>
    bool EndIfIdle();
}

/// <summary>Where agents come to their relay.</summary>
internal interface IAgentDoor : IDisposable
{
    /// <summary>Waits for the next agent.</summary>
    /// <exception cref="IOException">One came and could not be let in; the next one may.</exception>
    Task<IAgentConnection> NextAsync(CancellationToken stop);
}

/// <summary>One agent's connection. Only its conversation reads and writes.</summary>
internal interface IAgentConnection : IDisposable
{
    /// <summary>Carries a conversation where no traffic can hold it up. The task ends when the conversation does, with the same result.</summary>
    Task CarryAsync(Func<Task> conversation);

    /// <summary>
    /// The next line without its end; null when the agent has closed, or <see cref="StopReading"/> was called and nothing more is there.
    /// </summary>
    /// <exception cref="IOException">The connection broke, or the line is too long.</exception>
    ValueTask<string?> ReadAsync();

    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask WriteAsync(byte[] line);

    /// <summary>Called from outside the conversation: a read that waits ends.</summary>
    void StopReading();

    /// <summary>Called from outside the conversation: a read or write that waits fails.</summary>
    void Cut();
}
