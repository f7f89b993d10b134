using System.Text;
using Fleet.Node.Checks;
using Fleet.Node.Tests.Contracts;

namespace Fleet.Node.Tests.Checks;

public sealed class HttpCheckTests : CheckContract
{
    private protected override ICheck Make(bool proxyProtocol) => new HttpCheck("/healthz", 200, proxyProtocol);

    protected override Task ServeAsync(Stream connection) => AnswerAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    [Fact]
    public async Task Request_is_a_get_of_the_path_with_the_backend_as_host()
    {
        var seen = new TaskCompletionSource<string>();
        await using var backend = new FakeBackend(async connection => seen.TrySetResult(await AnswerAsync(connection, "HTTP/1.1 200 OK\r\n\r\n")));
        await Make(proxyProtocol: false).ProbeAsync(backend.Address, Bound);
        var request = await seen.Task.WaitAsync(Bound);
        request.ShouldStartWith("GET /healthz HTTP/1.1\r\n");
        request.ShouldContain($"\r\nHost: {backend.Address}\r\n");
        request.ShouldContain("\r\nConnection: close\r\n");
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\n", "status 503, not 200")]
    [InlineData("HTTP/1.0 200\r\n\r\n", null)]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "the answer is not HTTP/1")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", "the answer is not HTTP/1")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "the answer is not HTTP/1")]
    [InlineData("\r\n\r\n", "the answer is not HTTP/1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "closed within the answer's header")]
    [InlineData("", "closed without an answer")]
    public async Task Answer_is_judged_by_its_status_line(string answer, string? failure)
    {
        await using var backend = new FakeBackend(connection => AnswerAsync(connection, answer));
        (await Make(proxyProtocol: false).ProbeAsync(backend.Address, Bound)).Failure.ShouldBe(failure);
    }

    [Fact]
    public async Task Answer_in_single_bytes_is_understood()
    {
        await using var backend = new FakeBackend(async connection =>
        {
            foreach (var letter in "HTTP/1.1 200 OK\r\nServer: slow\r\n\r\n"u8.ToArray())
                await connection.WriteAsync(new[] { letter }, Bound);
            await DrainAsync(connection);
        });
        (await Make(proxyProtocol: false).ProbeAsync(backend.Address, Bound)).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Header_without_end_is_given_up()
    {
        await using var backend = new FakeBackend(connection => AnswerAsync(connection, "HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000)));
        (await Make(proxyProtocol: false).ProbeAsync(backend.Address, Bound)).Failure.ShouldBe("the answer's header is too long");
    }

    [Fact]
    public async Task Other_status_can_be_the_expected_one()
    {
        await using var backend = new FakeBackend(connection => AnswerAsync(connection, "HTTP/1.1 403 Forbidden\r\n\r\n"));
        (await new HttpCheck("/", 403, proxyProtocol: false).ProbeAsync(backend.Address, Bound)).Failure.ShouldBeNull();
    }

    [Theory]
    [InlineData("healthz")]
    [InlineData("/a b")]
    [InlineData("/a\r\nX: y")]
    public async Task Path_that_would_break_the_request_is_never_sent(string path)
    {
        await using var backend = new FakeBackend(ServeAsync);
        (await new HttpCheck(path, 200, proxyProtocol: false).ProbeAsync(backend.Address, Bound)).Failure.ShouldBe("the check's path is no path");
        backend.Accepted.ShouldBe(0);
    }

    /// <summary>Reads a request up to its empty line, answers, and returns the request.</summary>
    private async Task<string> AnswerAsync(Stream connection, string answer)
    {
        var request = "";
        var buffer = new byte[1024];
        while (!request.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await connection.ReadAsync(buffer, Bound);
            if (read == 0)
                return request;
            request += Encoding.ASCII.GetString(buffer, 0, read);
        }

        await connection.WriteAsync(Encoding.ASCII.GetBytes(answer), Bound);
        return request;
    }
}
