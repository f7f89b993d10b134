using System.Text;
using Fleet.Node.DataPlanes.Relay.Http1;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

public sealed class Http1MeterTests
{
    private static readonly Instant T0 = new(1_000_000);

    /// <summary>Requests, and how many messages they are.</summary>
    public static TheoryData<string, int> Requests => new()
    {
        { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1 },
        { "GET / HTTP/1.1\nHost: a\n\n", 1 },
        { "\r\n\r\nGET / HTTP/1.0\r\n\r\n", 1 },
        { "POST / HTTP/1.1\r\nContent-Length: 16\r\n\r\nGET / HTTP/1.1\r\nGET /2 HTTP/1.1\r\n\r\n", 2 },
        { "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n5;x=y\r\nGET /\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nHEAD / "
            + "HTTP/1.1\r\n\r\n", 2 },
        { "GET /" + new string('a', 5000) + " HTTP/1.1\r\nX: " + new string('b', 5000) + "\r\n\r\nGET / HTTP/1.1\r\n\r\n", 2 },
        { "PUT / HTTP/1.1\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", 3 },
        { "OPTIONS * HTTP/1.1\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nxxGET / HTTP/1.1\r\n\r\n", 2 },
    };

    public static TheoryData<string> Hostile => new()
    {
        "\u0016\u0003\u0001 not http at all\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length : 5\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\n" + new string('x', 300_000),
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Requests_are_counted_however_they_are_cut_into_pieces(string text, int count)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var meter = new Http1Meter();
            foreach (var piece in Cut(text, new Random(seed)))
                meter.OnRequestBytes(piece, T0);
            meter.Requests.ShouldBe(count, $"seed {seed}");
            meter.GaveUp.ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 700\r\n\r\n")]
    public void Connection_is_idle_after_the_last_byte_of_the_response_and_not_before(string response)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var meter = new Http1Meter();
            meter.IsIdle(T0).ShouldBeTrue();
            meter.OnRequestBytes("GET / HTTP/1.1\r\n\r\n"u8, T0);
            meter.IsIdle(T0).ShouldBeFalse();
            var pieces = Cut(response, new Random(seed));
            foreach (var piece in pieces[..^1])
            {
                meter.OnResponseBytes(piece, T0);
                meter.IsIdle(T0).ShouldBeFalse($"seed {seed}");
            }

            meter.OnResponseBytes(pieces[^1], T0);
            meter.IsIdle(T0).ShouldBeTrue($"seed {seed}");
            meter.OnRequestBytes("G"u8, T0);
            meter.IsIdle(T0).ShouldBeFalse("a request has begun");
        }
    }

    [Fact]
    public void Response_to_head_has_no_body_and_pipelined_requests_each_need_their_own()
    {
        var meter = new Http1Meter();
        meter.OnRequestBytes("HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"u8, T0);
        meter.OnResponseBytes("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"u8, T0);
        meter.IsIdle(T0).ShouldBeFalse();
        meter.OnResponseBytes("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"u8, T0);
        meter.IsIdle(T0).ShouldBeTrue();
    }

    [Fact]
    public void Response_without_a_length_is_never_over_before_the_connection_is()
    {
        var meter = new Http1Meter();
        meter.OnRequestBytes("GET / HTTP/1.1\r\n\r\n"u8, T0);
        meter.OnResponseBytes("HTTP/1.1 200 OK\r\n\r\nwhatever"u8, T0);
        meter.IsIdle(T0 + TimeSpan.FromHours(1)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("CONNECT a:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    public void Tunnel_is_not_counted_and_never_idle(string request, string response)
    {
        var meter = new Http1Meter();
        meter.OnRequestBytes(Encoding.Latin1.GetBytes(request), T0);
        meter.OnResponseBytes(Encoding.Latin1.GetBytes(response), T0);
        meter.OnRequestBytes("GET / HTTP/1.1\r\n\r\n"u8, T0);
        meter.Requests.ShouldBe(1);
        meter.GaveUp.ShouldBeTrue();
        meter.IsIdle(T0 + TimeSpan.FromHours(1)).ShouldBeFalse();
    }

    [Fact]
    public void Upgrade_that_the_server_declines_is_counted_on()
    {
        var meter = new Http1Meter();
        meter.OnRequestBytes("GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n"u8, T0);
        meter.OnResponseBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8, T0);
        meter.OnRequestBytes("GET / HTTP/1.1\r\n\r\n"u8, T0);
        meter.Requests.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Input_that_makes_no_sense_ends_the_counting_and_silence_decides(string text)
    {
        var meter = new Http1Meter();
        meter.OnRequestBytes(Encoding.Latin1.GetBytes(text), T0);
        meter.GaveUp.ShouldBeTrue();
        meter.IsIdle(T0 + TimeSpan.FromHours(1)).ShouldBeFalse("the client spoke last");
        meter.OnResponseBytes("?"u8, T0);
        meter.IsIdle(T0 + TimeSpan.FromMilliseconds(49)).ShouldBeFalse();
        meter.IsIdle(T0 + TimeSpan.FromMilliseconds(50)).ShouldBeTrue();
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        string[] words =
        [
            "GET ",
            "/ ",
            "HTTP/1.1",
            "\r\n",
            "\n",
            "Content-Length: ",
            "7",
            "Transfer-Encoding: ",
            "chunked",
            "0",
            "HTTP/1.1 200 OK",
            "f",
            ";",
            ":",
            "\0",
            "ÿ",
        ];
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var meter = new Http1Meter();
            for (var i = 0; i < 40; i++)
            {
                var bytes = Encoding.Latin1.GetBytes(words[random.Next(words.Length)]);
                if (random.Next(3) == 0)
                    meter.OnResponseBytes(bytes, T0);
                else
                    meter.OnRequestBytes(bytes, T0);
            }

            meter.IsIdle(T0);
        }
    }

    private static List<byte[]> Cut(string text, Random random)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var pieces = new List<byte[]>();
        var longest = 1 + random.Next(random.Next(2) == 0 ? 4 : bytes.Length);
        for (var at = 0; at < bytes.Length; at += pieces[^1].Length)
            pieces.Add(bytes[at..Math.Min(bytes.Length, at + 1 + random.Next(longest))]);
        return pieces;
    }
}
