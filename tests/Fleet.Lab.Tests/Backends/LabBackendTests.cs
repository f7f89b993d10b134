using System.Net;
using System.Text;
using Fleet.Lab.Backends;

namespace Fleet.Lab.Tests.Backends;

public sealed class LabBackendTests
{
    private static readonly LabBackend Backend = new("backend-1", new Dictionary<IPAddress, string> { [IPAddress.Parse("10.1.1.1")] = "adc-1" });

    [Theory]
    [InlineData("10.1.1.1", "adc-1")]
    [InlineData("::ffff:10.1.1.1", "adc-1")]
    [InlineData("10.1.2.1", "nobody")]
    public void Node_is_whose_address_the_connection_comes_from(string peer, string node) =>
        Answer("GET / HTTP/1.1\r\n\r\n", peer).ShouldContain($"\r\nFleet-Node: {node}\r\n");

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", true)]
    [InlineData("GET /healthz HTTP/1.0\r\n\r\n", true)]
    public void Connection_is_closed_where_the_client_wants_that(string head, bool closes) =>
        Answer(head, "10.1.1.1").Contains("Connection: close\r\n").ShouldBe(closes);

    [Theory]
    [InlineData("/healthz", 3)]
    [InlineData("/bytes?n=1000", 1000)]
    [InlineData("/bytes?n=-1", 0)]
    [InlineData("/bytes?n=x", 0)]
    public void Answer_has_its_length(string path, int length)
    {
        var answer = Answer($"GET {path} HTTP/1.1\r\n\r\n", "10.1.1.1");
        answer.ShouldContain($"\r\nContent-Length: {length}\r\n");
        answer.Split("\r\n\r\n", 2)[1].Length.ShouldBe(length);
    }

    private static string Answer(string head, string peer) => Encoding.ASCII.GetString(Backend.Answer(head, IPAddress.Parse(peer)));
}
