using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Node.Checks;

/// <summary>
/// A backend is good if it answers GET with the expected status (RFC 9112, section 4) and whole header fields, of at most 16 KiB. The body is not
/// read.
/// </summary>
internal sealed class HttpCheck(string path, int expect, bool proxyProtocol) : ICheck
{
    private const int HeadBytesMax = 16 << 10;

    public Task<ProbeResult> ProbeAsync(IPEndPoint backend, CancellationToken cancellation)
    {
        if (!path.StartsWith('/') || path.Any(c => c is <= ' ' or >= '\x7f'))
            return Task.FromResult(ProbeResult.Bad("the check's path is no path"));
        var request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {backend}\r\nUser-Agent: fleet-check\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        return ProbeConnection.ProbeAsync(backend, proxyProtocol, stream => ExchangeAsync(stream, request, cancellation), cancellation);
    }

    private async Task<ProbeResult> ExchangeAsync(NetworkStream stream, byte[] request, CancellationToken cancellation)
    {
        await stream.WriteAsync(request, cancellation);
        var head = new byte[HeadBytesMax];
        var length = 0;
        while (length < head.Length)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), cancellation);
            if (read == 0)
                return ProbeResult.Bad(length == 0 ? "closed without an answer" : "closed within the answer's header");
            length += read;
            if (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
                return Evaluate(head.AsSpan(0, length));
        }

        return ProbeResult.Bad("the answer's header is too long");
    }

    private ProbeResult Evaluate(ReadOnlySpan<byte> head)
    {
        // HTTP/1.x SP 3DIGIT, followed by a space or the end of the line.
        if (head.Length < 13 || !head.StartsWith("HTTP/1."u8) || head[8] != ' ' || head[9..12].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || head[12] is not ((byte)' ' or (byte)'\r'))
        {
            return ProbeResult.Bad("the answer is not HTTP/1");
        }

        var status = ((head[9] - '0') * 100) + ((head[10] - '0') * 10) + head[11] - '0';
        return status == expect ? ProbeResult.Good : ProbeResult.Bad($"status {status}, not {expect}");
    }
}
