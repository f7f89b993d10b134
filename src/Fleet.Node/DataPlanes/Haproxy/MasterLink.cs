using System.Net.Sockets;
using System.Text;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// Questions to HAProxy's master process, each on a connection of its own (management.txt, section 9.4). The client ends its side: HAProxy 2.6 does
/// not close the connection before.
/// </summary>
internal static class MasterLink
{
    private const int AnswerBytesMax = 64 * 1024 * 1024;

    /// <summary>The answer; null where no master listens.</summary>
    /// <exception cref="IOException">The connection was cut, or the answer has no end.</exception>
    public static async Task<string?> AskAsync(string path, string command, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        }
        catch (SocketException)
        {
            return null;
        }

        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(command + "\n"), SocketFlags.None, cancellation);
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[64 * 1024];
            using var answer = new MemoryStream();
            while (await socket.ReceiveAsync(buffer, SocketFlags.None, cancellation) is var length and > 0)
            {
                answer.Write(buffer, 0, length);
                if (answer.Length > AnswerBytesMax)
                    throw new IOException($"HAProxy's answer to '{command}' has more than {AnswerBytesMax} bytes.");
            }

            return Encoding.ASCII.GetString(answer.GetBuffer(), 0, (int)answer.Length);
        }
        catch (SocketException e)
        {
            throw new IOException($"HAProxy's master does not answer '{command}': {e.Message}", e);
        }
    }
}
