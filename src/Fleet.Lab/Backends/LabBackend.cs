using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Lab.Backends;

/// <summary>
/// A small real server. <c>GET /healthz</c> is 200, <c>GET /bytes?n=N</c> is long, any other path says who served. The header <c>Fleet-Node</c>
/// names the node through which the request came: the one that the connection's address belongs to, as a data plane connects from its host's own.
/// </summary>
/// <param name="nodes">Names of nodes by their addresses.</param>
internal sealed class LabBackend(string name, IReadOnlyDictionary<IPAddress, string> nodes)
{
    /// <summary>For connections that come from no node.</summary>
    public const string Nobody = "nobody";

    private const int HeadMax = 16 * 1024;
    private const int BytesMax = 100_000_000;

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(IReadOnlyList<IPEndPoint> listen, CancellationToken cancellation) =>
        await Task.WhenAll(listen.Select(each => ListenAsync(each, cancellation)));

    /// <summary>The whole response to a request's head.</summary>
    public byte[] Answer(string head, IPAddress peer)
    {
        var path = head.Split(' ', 3) is [_, var asked, _] ? asked : "/";
        var node = nodes.GetValueOrDefault(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer, Nobody);
        var body = path switch
        {
            "/healthz" => "ok\n"u8.ToArray(),
            _ when path.StartsWith("/bytes?n=", StringComparison.Ordinal) => new byte[Length(path)],
            _ => Encoding.UTF8.GetBytes($"{name} served {peer} through {node}\n"),
        };
        var response = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nFleet-Node: {node}\r\n"
                + $"{(StaysOpen(head) ? "" : "Connection: close\r\n")}\r\n");
        return [.. response, .. body];
    }

    private static int Length(string path) =>
        int.TryParse(path.AsSpan("/bytes?n=".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? Math.Min(bytes, BytesMax) : 0;

    private static bool StaysOpen(string head) =>
        head.Contains(" HTTP/1.1\r\n", StringComparison.Ordinal) && !head.Contains("\r\nConnection: close", StringComparison.OrdinalIgnoreCase);

    private async Task ListenAsync(IPEndPoint listen, CancellationToken cancellation)
    {
        using var listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(listen);
        listener.Listen(1024);
        var serving = new HashSet<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await listener.AcceptAsync(cancellation), cancellation));
                serving.RemoveWhere(task => task.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken cancellation)
    {
        using var mine = connection;
        connection.NoDelay = true;
        var buffer = new byte[HeadMax];
        var length = 0;
        try
        {
            var peer = ((IPEndPoint)connection.RemoteEndPoint!).Address;
            while (length < buffer.Length)
            {
                var read = await connection.ReceiveAsync(buffer.AsMemory(length), cancellation);
                if (read == 0)
                    return;
                length += read;
                for (var end = End(buffer, length); end > 0; end = End(buffer, length))
                {
                    var head = Encoding.ASCII.GetString(buffer, 0, end);
                    buffer.AsSpan(end, length - end).CopyTo(buffer);
                    length -= end;
                    await SendAsync(connection, Answer(head, peer), cancellation);
                    if (!StaysOpen(head))
                        return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The peer has gone, or the server is told to end.
        }
    }

    /// <summary>Where the first request's head ends; 0 when it is not all there.</summary>
    private static int End(byte[] buffer, int length) => buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var at ? at + 4 : 0;

    private static async Task SendAsync(Socket connection, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
            bytes = bytes[await connection.SendAsync(bytes, cancellation)..];
    }
}
