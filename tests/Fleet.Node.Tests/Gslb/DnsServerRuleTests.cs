using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging;
using static Fleet.Node.Tests.Gslb.Servers;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Rules of the map applied to a real server: rate, cookies, query log.</summary>
public class DnsServerRuleTests
{
    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    internal async Task A_flood_is_limited_while_a_cookie_and_tcp_get_through(UdpPath path)
    {
        await using var server = Started(new DnsServerOptions { UdpPath = path, UdpThreads = 1 });
        server.Apply(GslbZone.Default with { ResponsesMax = 5 });
        using var flood = Asker.OpenUdp(server.Endpoint);
        for (var i = 0; i < 400; i++)
            flood.Send(Zones.Query("s3.fleet.test", DnsType.A));
        await Eventually(() => server.Counters.Queries == 400, () => server.Counters.ToString());
        var whole = 0;
        var truncated = 0;
        while (flood.Available > 0)
        {
            var reply = Zones.Read(Asker.Receive(flood));
            whole += reply.Header.IsTruncated ? 0 : 1;
            truncated += reply.Header.IsTruncated ? 1 : 0;
        }

        whole.ShouldBeInRange(5, 50); // five, and five more for each second it took
        truncated.ShouldBeInRange(170, 200);
        (server.Counters.Answers + server.Counters.Dropped).ShouldBe(400);

        DnsCookie cookie = new(7, 0, 0, 0);
        for (var tries = 0; !cookie.HasServer && tries < 10; tries++)
            cookie = Exchange(flood, cookie)?.Edns!.Value.Cookie ?? cookie;
        for (var i = 0; i < 50; i++)
            Exchange(flood, cookie)!.Answers.Length.ShouldBe(1);
        using var tcp = Asker.OpenTcp(server.Endpoint);
        for (var i = 0; i < 50; i++)
        {
            tcp.GetStream().Write(Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A)));
            Zones.Read(Asker.ReadFrame(tcp.GetStream())).Answers.Length.ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    internal async Task Queries_picked_are_in_the_log_a_line_each(UdpPath path)
    {
        var log = new Lines();
        await using (var server = new DnsServer(new DnsServerOptions { UdpPath = path }, MonotonicClock.System, log))
        {
            server.Publish(Zones.Usual());
            server.Start(AnyPort);
            server.Apply(GslbZone.Default with { QueryLog = 1 });
            Asker.Ask(server.Endpoint, "s3.fleet.test", DnsType.A);
            using var tcp = Asker.OpenTcp(server.Endpoint);
            tcp.GetStream()
                .Write(
                    Asker.Frame(
                        Zones.Query(
                            "absent.fleet.test",
                            DnsType.Aaaa,
                            new Edns(1232, 0, 0, false, ClientSubnet.Truncate(IPAddress.Parse("192.0.2.0"), 24)))));
            Asker.ReadFrame(tcp.GetStream()).ShouldNotBeEmpty();
        }

        string[] queries = [.. log.Written.Where(line => line.StartsWith("query ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        queries.Select(line => line[(line.IndexOf(' ', 6) + 1)..]).ShouldBe(
            ["127.0.0.0/24 udp s3.fleet.test A NOERROR 1", "127.0.0.0/24 tcp absent.fleet.test AAAA NXDOMAIN 0 ecs 192.0.2.0/24"], ignoreOrder: true);
        foreach (var line in queries)
            DateTimeOffset.Parse(line.Split(' ')[1], null).ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_cookie_outlives_one_roll_of_the_secret_and_not_two()
    {
        var context = new AnswerContext(MonotonicClock.System);
        await using var upkeep = new DnsUpkeep(context, new Lines());
        byte[] source = [192, 0, 2, 1];
        DnsCookie client = new(7, 0, 0, 0);
        context.Rules.Cookies!.Verify(client, source, context.Clock.Now, out var given);
        var seconds = (uint)given.ServerHigh;
        seconds.ShouldBeInRange(
            (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 60, (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
        upkeep.Roll();
        context.Rules.Cookies.Verify(given, source, context.Clock.Now, out _).ShouldBe(Node.Gslb.Answering.CookieVerdict.Valid);
        upkeep.Roll();
        context.Rules.Cookies.Verify(given, source, context.Clock.Now, out _).ShouldBe(Node.Gslb.Answering.CookieVerdict.Bad);
    }

    private static DnsReply? Exchange(Socket socket, DnsCookie cookie)
    {
        socket.Send(Zones.Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, null) { Cookie = cookie }));
        return socket.Poll(TimeSpan.FromMilliseconds(300), SelectMode.SelectRead) ? Zones.Read(Asker.Receive(socket)) : null;
    }

    private sealed class Lines : ILogger<DnsServer>
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception));
    }
}
