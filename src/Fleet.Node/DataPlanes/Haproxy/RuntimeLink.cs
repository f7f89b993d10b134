using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// A connection to HAProxy's runtime API that stays open: in interactive mode each answer ends with a prompt (management.txt, section 9.3). What it
/// is told goes out many at a time; what it is asked, one at a time. After any exception it is of no use any more.
/// </summary>
internal sealed class RuntimeLink : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024 * 1024;
    private const int AtOnce = 64;
    private static readonly byte[] Prompt = "\n> "u8.ToArray();
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _received = new();

    private RuntimeLink(Socket socket) => _socket = socket;

    /// <exception cref="IOException">Nobody listens there, or does not answer as HAProxy does.</exception>
    public static async Task<RuntimeLink> OpenAsync(string path, CancellationToken cancellation)
    {
        var link = new RuntimeLink(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        try
        {
            await link._socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            await link.AskAsync("prompt", cancellation);
            return link;
        }
        catch (SocketException e)
        {
            link.Dispose();
            throw new IOException($"HAProxy takes no commands at {path}: {e.Message}", e);
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The connection has ended, or the answer has no end.</exception>
    public async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        await SendAsync(command + "\n", cancellation);
        return await AnswerAsync(cancellation);
    }

    /// <summary>Gives orders, in this order, without waiting for each answer.</summary>
    /// <returns>The first that was not simply carried out, with what HAProxy said to it; null if there is none.</returns>
    /// <exception cref="IOException">The connection has ended.</exception>
    public async Task<string?> TellAsync(ImmutableArray<string> commands, CancellationToken cancellation)
    {
        string? refused = null;
        foreach (var some in commands.Chunk(AtOnce))
        {
            await SendAsync(string.Concat(some.Select(command => command + "\n")), cancellation);
            foreach (var command in some)
            {
                var answer = (await AnswerAsync(cancellation)).Trim();
                if (answer is not ("" or "New server registered."))
                    refused ??= $"to '{command}' HAProxy says: {answer}";
            }

            if (refused is not null)
                return refused;
        }

        return null;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _received.Dispose();
    }

    private async Task SendAsync(string text, CancellationToken cancellation)
    {
        try
        {
            await _socket.SendAsync(Encoding.ASCII.GetBytes(text), SocketFlags.None, cancellation);
        }
        catch (SocketException e)
        {
            throw new IOException($"HAProxy takes no commands any more: {e.Message}", e);
        }
    }

    /// <summary>What comes before the next prompt.</summary>
    private async Task<string> AnswerAsync(CancellationToken cancellation)
    {
        var searched = 0;
        while (true)
        {
            var received = _received.GetBuffer().AsMemory(0, (int)_received.Length);
            var end = received.Span[searched..].IndexOf(Prompt);
            if (end >= 0)
            {
                end += searched;
                var answer = Encoding.ASCII.GetString(received.Span[..end]);
                var rest = received[(end + Prompt.Length)..].ToArray();
                _received.SetLength(0);
                _received.Write(rest);
                return answer;
            }

            if (received.Length > AnswerBytesMax)
                throw new IOException($"HAProxy's answer has more than {AnswerBytesMax} bytes.");
            searched = Math.Max(0, received.Length - Prompt.Length);
            await ReceiveAsync(cancellation);
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            var length = await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellation);
            if (length == 0)
                throw new IOException("HAProxy has closed the connection for commands.");
            _received.Write(_buffer, 0, length);
        }
        catch (SocketException e)
        {
            throw new IOException($"HAProxy has cut the connection for commands: {e.Message}", e);
        }
    }
}
