using System.Net;
using System.Net.Sockets;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Shared.Dns;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>Before anything is measured every server must answer the same questions rightly.</summary>
public static class Inspection
{
    private const int Questions = 200;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the server answers, and asks it about names and networks from all over the workload.</summary>
    /// <exception cref="InvalidOperationException">It ended, does not answer in time, or answers wrongly.</exception>
    public static async Task PassAsync(RunningServer server)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server.Endpoint);
        using var patience = new CancellationTokenSource(StartPatience);
        while (await AskAsync(socket, server, 0, 0) is { } wrong)
        {
            if (server.HasEnded || patience.IsCancellationRequested)
                throw new InvalidOperationException($"{server.Contender.Name} does not answer as it should ({wrong}). It said: {server.Said}");
            await Task.Delay(100);
        }

        var workload = server.Contender.Workload;
        for (var i = 1; i < Questions; i++)
        {
            var fault = await AskAsync(socket, server, i * 7 % workload.Names, (int)((long)i * 1_000_003 % workload.Prefixes));
            if (fault is not null)
                throw new InvalidOperationException($"{server.Contender.Name} answers wrongly: {fault}");
        }
    }

    /// <summary>Asks one question; what is wrong with the answer, or null.</summary>
    private static async Task<string?> AskAsync(Socket socket, RunningServer server, int name, int network)
    {
        var host = Workload.Network(network);
        var subnet = ClientSubnet.Truncate(new IPAddress([(byte)(host >> 24), (byte)(host >> 16), (byte)(host >> 8), 0]), 24);
        var query = new DnsQuery(
            (ushort)(1 + name),
            DnsName.Parse(Workload.FullName(name)),
            DnsType.A)
        { Edns = new Edns(Edns.PayloadSafe, 0, 0, server.Contender.IsSigned, subnet) };
        var buffer = new byte[4096];
        var length = query.Write(buffer);
        try
        {
            await socket.SendAsync(buffer.AsMemory(0, length));
            using var patience = new CancellationTokenSource(AnswerPatience);
            while (true)
            {
                length = await socket.ReceiveAsync(buffer, patience.Token);
                if (server.Contender.IsEcho && length > 12 && (buffer[2] & 0x80) != 0)
                    return null;
                if (DnsReply.TryRead(buffer.AsSpan(0, length), out var reply) && reply.IsReplyTo(query)) // and not to one that was given up
                    return FindFault(server.Contender, reply, name, Workload.SiteOf(network));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return "no answer";
        }
    }

    private static string? FindFault(Contender contender, DnsReply reply, int name, int site)
    {
        var all = $"{reply.Rcode}: {string.Join("; ", reply.Answers)}, scope {reply.Edns?.Subnet?.ScopePrefix}";
        var addresses = reply.Answers.Where(record => record.Type == DnsType.A).ToArray();
        if (reply.Rcode != DnsRcode.NoError || !reply.Header.IsAuthoritative || addresses.Length != 1 || addresses[0].Ttl != 0)
            return all;
        if (contender.IsSigned && reply.Answers.Length < 2)
            return $"unsigned: {all}";
        if (!contender.ChoosesSites)
            return null;
        var own = Enumerable.Range(0, Workload.AddressesPerSite).Select(which => Workload.Address(name, site, which));
        return own.Contains(addresses[0].Address) && reply.Edns?.Subnet is { ScopePrefix: > 0, SourcePrefix: 24 }
            ? null
            : $"not of dc{site} with its scope: {all}";
    }
}
