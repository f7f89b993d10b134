using System.Text;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Tests.Protocol;

public sealed class HostileWireTests
{
    /// <summary>Whoever reads a link is not to end by it, whatever the framework's reader throws at such a text.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"kind":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"kind":"hello","incarnation":"\udc00"}""")]
    [InlineData("""{"kind":"heartbeat","seq":1,"applied":{"term":1,"revision":1},"missing":["no address"],"busy":{},"verdicts":{}}""")]
    [InlineData("""{"kind":"heartbeat","seq":1,"applied":{"term":1,"revision":1},"missing":[],"busy":{"10.0.0.1":1e400},"verdicts":{}}""")]
    [InlineData("""{"kind":"heartbeat","seq":1,"applied":{"term":1,"revision":1},"missing":[],"busy":{"\ud800":1},"verdicts":{}}""")]
    [InlineData("""{"kind":"heartbeat","seq":1,"applied":{"term":1,"revision":1},"missing":[],"busy":{},"verdicts":{"\ud800":"up"}}""")]
    [InlineData("""{"kind":"goodbye","kind":"goodbye"}""")]
    public void Text_that_is_no_message_is_not_read_and_does_not_throw(string text) =>
        Wire.TryDecodeNodeMessage(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
}
