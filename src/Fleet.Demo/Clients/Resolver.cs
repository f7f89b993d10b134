using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Dns;

namespace Fleet.Demo.Clients;

/// <summary>Asks several DNS servers one after the other, as a stub resolver does, with a short patience.</summary>
internal sealed class Resolver(Func<IEnumerable<IPEndPoint>> servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private int _next;

    /// <summary>The addresses in the order of the answer; empty when no server answered.</summary>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellation)
    {
        var all = servers().ToArray();
        var first = Interlocked.Increment(ref _next);
        for (var i = 0; i < all.Length; i++)
        {
            if (await AskAsync(all[(first + i) % all.Length], name, cancellation) is { } addresses)
                return addresses;
        }

        return [];
    }

    /// <summary>One question to one server; null when it does not answer, or has no answer to give.</summary>
    /// <param name="client">On whose behalf; null is the asker's own.</param>
    public static async Task<IReadOnlyList<IPAddress>?> AskAsync(
        IPEndPoint server, string name, CancellationToken cancellation, ClientSubnet? client = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (!DnsName.TryParse(name, out var parsed))
            throw new ArgumentException($"{name} is no DNS name.", nameof(name));
        var query = new DnsQuery(
            (ushort)Random.Shared.Next(ushort.MaxValue), parsed, DnsType.A)
        { Edns = new Edns(Edns.PayloadSafe, 0, 0, false, client) };
        var buffer = new byte[1232];
        try
        {
            await socket.ConnectAsync(server, patience.Token);
            await socket.SendAsync(buffer.AsMemory(0, query.Write(buffer)), patience.Token);
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, patience.Token);
                if (!DnsReply.TryRead(buffer.AsSpan(0, length), out var reply) || !reply.IsReplyTo(query))
                    continue;
                // A server that failed, or refused, is not asked again: the next one is.
                return reply.Rcode is DnsRcode.NoError or DnsRcode.NxDomain ? [.. reply.Answers.Select(a => a.Address).OfType<IPAddress>()] : null;
            }
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
