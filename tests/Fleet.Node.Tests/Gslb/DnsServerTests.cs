using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering;
using Fleet.Shared.Dns;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Gslb;

/// <summary>The listeners, over real loopback sockets.</summary>
public class DnsServerTests
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    /// <summary>An address where no other test can snatch a port between its release and its next use.</summary>
    private static readonly IPEndPoint OwnAddress = new(IPAddress.Parse("127.53.7.1"), 0);

    [Theory]
    [InlineData(UdpPath.Fastest, "127.0.0.1")]
    [InlineData(UdpPath.Portable, "127.0.0.1")]
    [InlineData(UdpPath.Fastest, "::1")]
    [InlineData(UdpPath.Portable, "::1")]
    public async Task Udp_answers_and_counts(UdpPath path, string address)
    {
        await using DnsServer server = Started(new DnsServerOptions { UdpPath = path }, new IPEndPoint(IPAddress.Parse(address), 0));
        for (ushort id = 1; id <= 20; id++)
        {
            DnsReply reply = Asker.Ask(server.Endpoint, "s3.fleet.test", DnsType.A, id);
            reply.Header.Id.ShouldBe(id);
            reply.Answers.Single().Address!.ToString().ShouldBe("203.0.113.5");
        }

        using Socket socket = Asker.OpenUdp(server.Endpoint);
        socket.Send([1, 2, 3]); // dropped
        socket.Send(Convert.FromHexString("ABCD80000001000000000000")); // a response: dropped
        socket.Send(Convert.FromHexString("ABCD00000001000000000000")); // malformed
        Convert.ToHexString(Asker.Receive(socket)).ShouldBe("ABCD80010000000000000000");
        await Eventually(() => server.Counters == new DnsCounters(23, 21, 2, 1), () => server.Counters.ToString());
    }

    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    public async Task A_burst_is_answered_message_by_message_to_each_asker(UdpPath path)
    {
        await using DnsServer server = Started(new DnsServerOptions { UdpPath = path });
        Socket[] askers = [.. Enumerable.Range(0, 8).Select(_ => Asker.OpenUdp(server.Endpoint))];
        try
        {
            for (int i = 0; i < 50; i++)
            {
                for (int asker = 0; asker < askers.Length; asker++)
                    askers[asker].Send(Zones.Query(i % 2 == 0 ? "s3.fleet.test" : "absent.fleet.test", DnsType.A, id: (ushort)((asker << 8) | i)));
            }

            for (int asker = 0; asker < askers.Length; asker++)
            {
                var ids = new List<int>();
                for (int i = 0; i < 50; i++)
                {
                    DnsReply reply = Zones.Read(Asker.Receive(askers[asker]));
                    reply.Rcode.ShouldBe((reply.Header.Id & 1) == 0 ? DnsRcode.NoError : DnsRcode.NxDomain);
                    ids.Add(reply.Header.Id);
                }

                ids.Order().ShouldBe(Enumerable.Range(asker << 8, 50));
            }
        }
        finally
        {
            foreach (Socket asker in askers)
                asker.Dispose();
        }
    }

    [Fact]
    public async Task A_truncated_answer_comes_whole_over_tcp_on_the_same_port()
    {
        await using DnsServer server = Started();
        DnsReply small = Asker.Ask(server.Endpoint, "many.fleet.test", DnsType.A);
        small.Header.IsTruncated.ShouldBeTrue();
        small.Answers.ShouldBeEmpty();
        using TcpClient client = Asker.OpenTcp(server.Endpoint);
        NetworkStream stream = client.GetStream();
        stream.Write(Asker.Frame(Zones.Query("many.fleet.test", DnsType.A)));
        DnsReply whole = Zones.Read(Asker.ReadFrame(stream));
        whole.Header.IsTruncated.ShouldBeFalse();
        whole.Answers.Length.ShouldBe(64);
    }

    [Fact]
    public async Task Tcp_answers_pipelined_queries_in_order_however_they_are_cut_up()
    {
        const int Queries = 500;
        await using DnsServer server = Started();
        using TcpClient client = Asker.OpenTcp(server.Endpoint);
        client.NoDelay = true;
        NetworkStream stream = client.GetStream();
        byte[] all = [.. Enumerable.Range(0, Queries).SelectMany(i =>
            Asker.Frame(Zones.Query(i % 3 == 0 ? "many.fleet.test" : "s3.fleet.test", DnsType.A, id: (ushort)i)))];
        Task writing = WriteInPiecesAsync(stream, all);
        for (int i = 0; i < Queries; i++)
        {
            DnsReply reply = Zones.Read(Asker.ReadFrame(stream));
            reply.Header.Id.ShouldBe((ushort)i);
            reply.Answers.Length.ShouldBe(i % 3 == 0 ? 64 : 1);
        }

        await writing;
        await Eventually(() => server.Counters is { Queries: Queries, Answers: Queries }, () => server.Counters.ToString());
    }

    [Fact]
    public async Task Tcp_takes_a_query_of_any_size_and_goes_on_after_a_malformed_one()
    {
        await using DnsServer server = Started();
        using TcpClient client = Asker.OpenTcp(server.Endpoint);
        NetworkStream stream = client.GetStream();
        byte[] padded = Zones.Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, null));
        byte[] huge = new byte[65_535];
        padded.CopyTo(huge, 0);
        int padding = huge.Length - padded.Length - 4;
        (huge[padded.Length - 2], huge[padded.Length - 1]) = ((byte)((padding + 4) >> 8), (byte)(padding + 4));
        (huge[padded.Length + 1], huge[padded.Length + 2], huge[padded.Length + 3]) = (12, (byte)(padding >> 8), (byte)padding);
        stream.Write(Asker.Frame(huge));
        Zones.Read(Asker.ReadFrame(stream)).Answers.Length.ShouldBe(1);
        stream.Write(Asker.Frame([]));
        stream.Write(Asker.Frame(Convert.FromHexString("ABCD00000001000000000000")));
        Zones.Read(Asker.ReadFrame(stream)).Rcode.ShouldBe(DnsRcode.FormErr);
        stream.Write(Asker.Frame(padded));
        Zones.Read(Asker.ReadFrame(stream)).Answers.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_tcp_connection_that_sends_no_whole_query_in_time_is_closed()
    {
        await using DnsServer server = Started(new DnsServerOptions { TcpIdleMax = TimeSpan.FromMilliseconds(150) });
        using TcpClient silent = Asker.OpenTcp(server.Endpoint);
        using TcpClient dripping = Asker.OpenTcp(server.Endpoint);
        bool closed = false;
        for (int octet = 0; octet < 500 && !closed; octet++)
        {
            closed = dripping.Client.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead);
            if (!closed)
                dripping.Client.Send([0xFF], SocketFlags.None, out _); // never the last octet of a query
        }

        closed.ShouldBeTrue();
        Asker.IsClosed(silent.GetStream()).ShouldBeTrue();
    }

    [Fact]
    public async Task Tcp_connections_over_the_bound_are_closed_and_a_place_becomes_free_again()
    {
        await using DnsServer server = Started(new DnsServerOptions { TcpConnectionsMax = 2 });
        byte[] query = Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A));
        TcpClient first = Asker.OpenTcp(server.Endpoint);
        using TcpClient second = Asker.OpenTcp(server.Endpoint);
        foreach (TcpClient client in (TcpClient[])[first, second])
        {
            client.GetStream().Write(query);
            Asker.ReadFrame(client.GetStream()).ShouldNotBeEmpty();
        }

        using (TcpClient third = Asker.OpenTcp(server.Endpoint))
            Asker.IsClosed(third.GetStream()).ShouldBeTrue();
        first.Dispose();
        await Eventually(() => Answers(server.Endpoint, query), () => "no place became free");
    }

    [Fact]
    public async Task Before_the_first_map_the_answer_is_servfail()
    {
        await using var server = new DnsServer(new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);
        server.Start(AnyPort);
        Asker.Ask(server.Endpoint, "s3.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.ServFail);
    }

    [Fact]
    public async Task A_second_server_on_the_same_address_is_an_error()
    {
        await using DnsServer server = Started();
        await using var second = new DnsServer(new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);
        Should.Throw<SocketException>(() => second.Start(server.Endpoint)).SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);
        Asker.Ask(server.Endpoint, "s3.fleet.test", DnsType.A).Answers.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_udp_port_taken_by_another_program_is_an_error_and_leaves_tcp_free()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(OwnAddress);
        var taken = (IPEndPoint)other.LocalEndPoint!;
        await using var server = new DnsServer(new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);
        Should.Throw<SocketException>(() => server.Start(taken)).SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);
        other.Dispose();
        server.Start(taken);
        server.Endpoint.ShouldBe(taken);
    }

    [Fact]
    public async Task A_stopped_server_gives_its_port_back_and_closes_its_connections()
    {
        DnsServer server = Started(endpoint: OwnAddress);
        IPEndPoint endpoint = server.Endpoint;
        using TcpClient client = Asker.OpenTcp(endpoint);
        client.GetStream().Write(Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A)));
        Asker.ReadFrame(client.GetStream()).ShouldNotBeEmpty();
        await server.DisposeAsync();
        Asker.IsClosed(client.GetStream()).ShouldBeTrue();
        await using DnsServer next = Started(endpoint: endpoint);
        Asker.Ask(endpoint, "s3.fleet.test", DnsType.A).Answers.Length.ShouldBe(1);
    }

    private static DnsServer Started(DnsServerOptions? options = null, IPEndPoint? endpoint = null)
    {
        var server = new DnsServer(options ?? new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);
        server.Publish(Zones.Usual());
        server.Start(endpoint ?? AnyPort);
        return server;
    }

    private static bool Answers(IPEndPoint server, byte[] frame)
    {
        using TcpClient client = Asker.OpenTcp(server);
        try
        {
            NetworkStream stream = client.GetStream();
            stream.Write(frame);
            return Asker.ReadFrame(stream).Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Pieces of 1 to 700 octets, so that frames and their lengths are cut anywhere.</summary>
    private static async Task WriteInPiecesAsync(NetworkStream stream, byte[] octets)
    {
        var random = new Random(5);
        for (int at = 0; at < octets.Length;)
        {
            int piece = Math.Min(random.Next(1, 700), octets.Length - at);
            await stream.WriteAsync(octets.AsMemory(at, piece));
            at += piece;
        }
    }

    private static async Task Eventually(Func<bool> holds, Func<string> otherwise)
    {
        bool held = holds();
        for (int i = 0; i < 500 && !held; i++)
        {
            await Task.Delay(10);
            held = holds();
        }

        held.ShouldBeTrue(otherwise());
    }
}
