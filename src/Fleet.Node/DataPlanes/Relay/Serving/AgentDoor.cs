using System.Net.Sockets;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>A Unix domain socket that only this user may speak to.</summary>
internal sealed class AgentDoor : IAgentDoor
{
    private const int Backlog = 16;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <exception cref="SocketException">The path is taken or cannot be made.</exception>
    public AgentDoor(string path)
    {
        try
        {
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IAgentConnection> NextAsync(CancellationToken stop) => new AgentSocket(await _socket.AcceptAsync(stop));

    public void Dispose() => _socket.Dispose();
}
