using System.Net;
using Fleet.Http;

namespace Fleet.Coordinator.Tests.Http;

public sealed class ConnectionGateTests : IDisposable
{
    private static readonly IPAddress One = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress Two = IPAddress.Parse("10.0.0.2");

    private readonly FakeTime _time = new();
    private readonly List<string> _gone = [];
    private readonly ConnectionGate _gate;

    public ConnectionGateTests() => _gate = new ConnectionGate(Limits.Default.Http with { ConnectionsMax = 4, ConnectionsPerAddressMax = 3 }, _time);

    public void Dispose() => _gate.Dispose();

    [Fact]
    public void Newcomer_always_gets_in_and_who_has_been_without_a_request_for_longest_goes()
    {
        Enter("a", One);
        Enter("b", Two);
        Enter("c", One);
        Enter("d", Two);
        Enter("e", IPAddress.Loopback);
        _gone.ShouldBe(["a"]);
        Enter("f", IPAddress.Loopback);
        _gone.ShouldBe(["a", "b"]);
        _gate.Count.ShouldBe(4);
    }

    [Fact]
    public void One_address_crowds_out_itself_before_others()
    {
        Enter("other", Two);
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
            Enter(name, One);
        _gone.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Who_is_being_answered_goes_last_and_who_has_been_answered_waits_anew()
    {
        var a = Enter("a", One);
        var b = Enter("b", Two);
        a.Serve();
        b.Serve();
        Enter("c", Two);
        Enter("d", IPAddress.Loopback);
        Enter("e", IPAddress.Loopback);
        _gone.ShouldBe(["c"]);
        b.Wait();
        Enter("f", IPAddress.Loopback);
        Enter("g", IPAddress.IPv6Loopback);
        _gone.ShouldBe(["c", "d", "e"]);
        Enter("h", Two);
        _gone.ShouldBe(["c", "d", "e", "b"]);
    }

    [Fact]
    public void When_all_are_being_answered_the_newcomer_still_gets_in()
    {
        foreach (var name in new[] { "a", "b" })
        {
            Enter(name, One).Serve();
            Enter(name + "'", Two).Serve();
        }

        Enter("new", IPAddress.Loopback);
        _gone.ShouldBe(["a"]);
    }

    [Fact]
    public void Link_of_a_node_counts_no_more_and_gives_way_to_nobody()
    {
        Enter("node", One).MarkAdmitted();
        foreach (var name in new[] { "a", "b", "c", "d" })
            Enter(name, Two);
        _gone.ShouldBe(["a"]);
        _gate.Count.ShouldBe(3);
    }

    [Fact]
    public void Connection_that_never_sends_a_whole_request_is_closed_in_time_and_one_that_has_is_not()
    {
        Enter("silent", One);
        var spoken = Enter("spoken", One);
        spoken.Serve();
        spoken.Wait();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        _gone.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(0.6));
        _gone.ShouldBe(["silent"]);
        _gate.Count.ShouldBe(1);
    }

    private Visit Enter(string name, IPAddress address) => _gate.Enter(address, _ => _gone.Add(name));
}
