using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fleet.Shared.Dns;
using Fleet.Shared.Shell;

namespace Fleet.Cli.Gslb;

/// <summary>Asks one DNS server, over UDP and, where the answer was cut, over TCP (RFC 7766). Never throws for what a server does.</summary>
internal sealed class DnsAsker(DnsName name, DnsType type, ClientSubnet? client, TimeSpan patience)
{
    public async Task<DnsAnswer> AskAsync(string server, IPEndPoint address, CancellationToken cancel)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bounded.CancelAfter(patience);
        var clock = Stopwatch.StartNew();
        try
        {
            var query = NewQuery();
            var reply = await OverUdpAsync(address, query, bounded.Token);
            if (reply.Header.IsTruncated)
                reply = await OverTcpAsync(address, query, bounded.Token) ?? reply;
            return Answer(server, address, reply, clock.Elapsed);
        }
        catch (SocketException)
        {
            return DnsAnswer.None(server, address);
        }
        catch (IOException)
        {
            return DnsAnswer.None(server, address);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return DnsAnswer.None(server, address);
        }
    }

    private DnsQuery NewQuery() => new((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), name, type)
    {
        Edns = new Edns(Edns.PayloadSafe, 0, 0, false, client),
    };

    /// <summary>The first datagram that replies to the query; others are not ours.</summary>
    private static async Task<DnsReply> OverUdpAsync(IPEndPoint address, DnsQuery query, CancellationToken cancel)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(address, cancel);
        var sent = new byte[DnsQuery.SizeMax];
        await socket.SendAsync(sent.AsMemory(0, query.Write(sent)), cancel);
        var received = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(received, cancel);
            if (DnsReply.TryRead(received.AsSpan(0, length), out var reply) && reply.IsReplyTo(query))
                return reply;
        }
    }

    private static async Task<DnsReply?> OverTcpAsync(IPEndPoint address, DnsQuery query, CancellationToken cancel)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, cancel);
        await using var stream = new NetworkStream(socket);
        var sent = new byte[DnsQuery.SizeMax];
        await DnsFrames.SendAsync(stream, sent.AsMemory(0, query.Write(sent)), cancel);
        var received = await DnsFrames.ReceiveAsync(stream, cancel);
        return DnsReply.TryRead(received, out var reply) && reply.IsReplyTo(query) ? reply : null;
    }

    private static DnsAnswer Answer(string server, IPEndPoint address, DnsReply reply, TimeSpan took)
    {
        ImmutableArray<string> records = [.. reply.Answers.Select(Data)];
        var ttl = reply.Answers.IsEmpty ? null : (long?)reply.Answers.Min(record => record.Ttl);
        return new DnsAnswer(server, address, reply.Rcode.ToString(), records, ttl, took.TotalMilliseconds);
    }

    private static string Data(DnsRecord record) =>
        record.Address?.ToString() ?? record.Text ?? record.Target?.ToString() ?? record.Soa?.ToString() ?? record.ToString();
}
