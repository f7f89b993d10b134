using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Servers;

namespace Fleet.Node.Tests.Gslb;

/// <summary>DNS over TCP, RFC 7766, on real loopback sockets.</summary>
public class DnsTcpTests
{
    [Fact]
    public async Task A_truncated_answer_comes_whole_over_tcp_on_the_same_port()
    {
        await using var server = Started();
        var small = Asker.Ask(server.Endpoint, "many.fleet.test", DnsType.A);
        small.Header.IsTruncated.ShouldBeTrue();
        small.Answers.ShouldBeEmpty();
        using var client = Asker.OpenTcp(server.Endpoint);
        var stream = client.GetStream();
        stream.Write(Asker.Frame(Zones.Query("many.fleet.test", DnsType.A)));
        var whole = Zones.Read(Asker.ReadFrame(stream));
        whole.Header.IsTruncated.ShouldBeFalse();
        whole.Answers.Length.ShouldBe(64);
    }

    [Fact]
    public async Task Tcp_answers_pipelined_queries_in_order_however_they_are_cut_up()
    {
        const int Queries = 500;
        await using var server = Started();
        using var client = Asker.OpenTcp(server.Endpoint);
        client.NoDelay = true;
        var stream = client.GetStream();
        byte[] all = [.. Enumerable.Range(0, Queries).SelectMany(i =>
            Asker.Frame(Zones.Query(i % 3 == 0 ? "many.fleet.test" : "s3.fleet.test", DnsType.A, id: (ushort)i)))];
        var writing = WriteInPiecesAsync(stream, all);
        for (var i = 0; i < Queries; i++)
        {
            var reply = Zones.Read(Asker.ReadFrame(stream));
            reply.Header.Id.ShouldBe((ushort)i);
            reply.Answers.Length.ShouldBe(i % 3 == 0 ? 64 : 1);
        }

        await writing;
        await Eventually(() => server.Counters is { Queries: Queries, Answers: Queries }, () => server.Counters.ToString());
    }

    [Fact]
    public async Task Tcp_takes_a_query_of_any_size_and_goes_on_after_a_malformed_one()
    {
        await using var server = Started();
        using var client = Asker.OpenTcp(server.Endpoint);
        var stream = client.GetStream();
        var padded = Zones.Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, null));
        var huge = new byte[65_535];
        padded.CopyTo(huge, 0);
        var padding = huge.Length - padded.Length - 4;
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
        await using var server = Started(new DnsServerOptions { TcpIdleMax = TimeSpan.FromMilliseconds(150) });
        using var silent = Asker.OpenTcp(server.Endpoint);
        using var dripping = Asker.OpenTcp(server.Endpoint);
        var closed = false;
        for (var octet = 0; octet < 500 && !closed; octet++)
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
        await using var server = Started(new DnsServerOptions { TcpConnectionsMax = 2 });
        var query = Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A));
        var first = Asker.OpenTcp(server.Endpoint);
        using var second = Asker.OpenTcp(server.Endpoint);
        foreach (var client in (TcpClient[])[first, second])
        {
            client.GetStream().Write(query);
            Asker.ReadFrame(client.GetStream()).ShouldNotBeEmpty();
        }

        using (var third = Asker.OpenTcp(server.Endpoint))
            Asker.IsClosed(third.GetStream()).ShouldBeTrue();
        first.Dispose();
        await Eventually(() => Answers(server.Endpoint, query), () => "no place became free");
    }

    [Fact]
    public async Task A_length_and_a_query_may_come_octet_by_octet()
    {
        await using var server = Started();
        using var client = Asker.OpenTcp(server.Endpoint);
        client.NoDelay = true;
        var stream = client.GetStream();
        for (ushort id = 0; id < 3; id++)
        {
            foreach (var octet in Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A, id: id)))
            {
                stream.WriteByte(octet);
                await Task.Yield();
            }

            Zones.Read(Asker.ReadFrame(stream)).Header.Id.ShouldBe(id);
        }
    }

    [Fact]
    public async Task Whoever_closes_its_sending_side_still_gets_every_answer_and_then_the_end()
    {
        await using var server = Started();
        using var client = Asker.OpenTcp(server.Endpoint);
        var stream = client.GetStream();
        stream.Write([.. Enumerable.Range(0, 300).SelectMany(i => Asker.Frame(Zones.Query("many.fleet.test", DnsType.A, id: (ushort)i)))]);
        stream.Write([0, 200, 1, 2, 3]); // and half a query
        client.Client.Shutdown(SocketShutdown.Send);
        for (var i = 0; i < 300; i++)
            Zones.Read(Asker.ReadFrame(stream)).Header.Id.ShouldBe((ushort)i);
        Asker.IsClosed(stream).ShouldBeTrue();
    }

    [Fact]
    public async Task What_gets_no_answer_leaves_the_connection_open()
    {
        await using var server = Started();
        using var client = Asker.OpenTcp(server.Endpoint);
        var stream = client.GetStream();
        stream.Write(Asker.Frame([]));
        stream.Write(Asker.Frame([1, 2, 3]));
        stream.Write(Asker.Frame(Convert.FromHexString("ABCD80000001000000000000")));
        stream.Write(Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A, id: 77)));
        Zones.Read(Asker.ReadFrame(stream)).Header.Id.ShouldBe((ushort)77);
        await Eventually(() => server.Counters == new DnsCounters(4, 1, 3, 0), () => server.Counters.ToString());
    }

    [Fact]
    public async Task An_asker_that_takes_no_answers_is_disconnected_and_holds_nobody_up()
    {
        await using var server = Started(new DnsServerOptions { TcpIdleMax = TimeSpan.FromMilliseconds(300) });
        using var deaf = Asker.OpenTcp(server.Endpoint);
        byte[] queries = [.. Enumerable.Range(0, 500).SelectMany(i => Asker.Frame(Zones.Query("many.fleet.test", DnsType.A)))];
        deaf.SendTimeout = 100;
        try
        {
            for (var i = 0; i < 500; i++)
                deaf.GetStream().Write(queries);
            Assert.Fail("the server took 250,000 queries of an asker that reads nothing");
        }
        catch (IOException)
        {
            // Its answers fill both buffers, and the server reads no more.
        }

        Asker.Ask(server.Endpoint, "s3.fleet.test", DnsType.A).Answers.Length.ShouldBe(1);
        using var other = Asker.OpenTcp(server.Endpoint);
        other.GetStream().Write(Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A)));
        Zones.Read(Asker.ReadFrame(other.GetStream())).Answers.Length.ShouldBe(1);
        await Eventually(() => deaf.Client.Poll(0, SelectMode.SelectError) || IsReset(deaf), () => "still connected");
    }

    private static bool IsReset(TcpClient client)
    {
        try
        {
            client.Client.Send([0]);
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown;
        }
    }

    private static bool Answers(IPEndPoint server, byte[] frame)
    {
        using var client = Asker.OpenTcp(server);
        try
        {
            var stream = client.GetStream();
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
        for (var at = 0; at < octets.Length;)
        {
            var piece = Math.Min(random.Next(1, 700), octets.Length - at);
            await stream.WriteAsync(octets.AsMemory(at, piece));
            at += piece;
        }
    }
}
