using System.Net;
using Fleet.Node.Checks;
using Fleet.Node.Control;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Node;

/// <summary>What an agent needs of the host it runs on. The agent uses no other clock, network, process, randomness or log.</summary>
internal sealed record AgentHost
{
    public required MonotonicClock Clock { get; init; }

    /// <summary>Used by one task alone.</summary>
    public required Random Chance { get; init; }

    /// <summary>Returns the dialler for coordinators whose links use that transport.</summary>
    public required Func<LinkTransport, IDialler> Diallers { get; init; }

    /// <summary>The port for witness datagrams. It belongs to whoever opened it.</summary>
    public required IDatagrams Datagrams { get; init; }

    /// <summary>What witness datagrams are sealed with.</summary>
    public IDatagramSeal Seal { get; init; } = NoSeal.Instance;

    /// <summary>Makes the check of a pool. The second argument is whether its backends expect the PROXY protocol.</summary>
    public required Func<CheckSpec, bool, ICheck> Checks { get; init; }

    /// <summary>Connects to a feedback agent.</summary>
    /// <exception cref="IOException">Nobody listens there; a <see cref="System.Net.Sockets.SocketException"/> means the same.</exception>
    public required Func<IPEndPoint, CancellationToken, Task<Stream>> Feedback { get; init; }

    public required ILoggerFactory Logs { get; init; }
}
