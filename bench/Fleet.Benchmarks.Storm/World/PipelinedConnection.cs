using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Demo.Clients;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>
/// A client that never gives up a connection: it goes on sending requests (RFC 9112, section 9.3.2) whether or not the ones before were answered. A
/// relay that was stopped finds them
/// when it wakes up, and must not carry one of them if its lease is over.
/// </summary>
internal sealed class PipelinedConnection(IPEndPoint vip, MonotonicClock clock, Action<ProbeSample> answered)
{
    private const int UnansweredMax = 1000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(1);

    private readonly byte[] _request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {vip.Address}\r\n\r\n");
    private readonly Queue<Instant> _sent = new();

    /// <summary>Until the connection ends.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.LingerState = new LingerOption(true, 0);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            end.CancelAfter(ConnectMax);
            await socket.ConnectAsync(vip, end.Token);
            end.CancelAfter(Timeout.InfiniteTimeSpan);
            var reading = ReadAsync(socket, end);
            await WriteAsync(socket, end.Token);
            await reading;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The next connection will tell.
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    private async Task WriteAsync(Socket socket, CancellationToken end)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(end))
        {
            lock (_sent)
            {
                if (_sent.Count >= UnansweredMax)
                    continue;
                _sent.Enqueue(clock.Now);
            }

            await socket.SendAsync(_request, end);
        }
    }

    private async Task ReadAsync(Socket socket, CancellationTokenSource end)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(length), end.Token) is > 0 and var count)
            {
                length += count;
                for (var size = Take(buffer.AsSpan(0, length)); size > 0; size = Take(buffer.AsSpan(0, length)))
                {
                    buffer.AsSpan(size, length - size).CopyTo(buffer);
                    length -= size;
                }

                if (length == buffer.Length)
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The writer hears it by the token.
        }

        await end.CancelAsync();
    }

    /// <summary>The size of the first whole answer, 0 when there is none; the answers are the demo's own backends'.</summary>
    private int Take(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        var head = end < 0 ? [] : bytes[..(end + 2)];
        if (!Utf8Parser.TryParse(Field(head, "\r\nContent-Length: "u8), out int body, out _) || bytes.Length < end + 4 + body)
            return 0;
        Instant asked;
        lock (_sent)
            asked = _sent.Dequeue();
        if (bytes.StartsWith("HTTP/1.1 200"u8))
            answered(new ProbeSample(asked, clock.Now, Encoding.UTF8.GetString(Field(head, "\r\nFleet-Node: "u8))));
        return end + 4 + body;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        if (at < 0)
            return [];
        var value = head[(at + name.Length)..];
        return value[..value.IndexOf((byte)'\r')];
    }
}
