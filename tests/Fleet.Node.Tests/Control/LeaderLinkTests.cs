using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.Tests.Hosts;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Control;

/// <summary>Where a node looks for the leader, and how often.</summary>
public sealed class LeaderLinkTests : IDisposable
{
    private readonly OneThread _thread = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, LeaderMessage?> _coordinators = [];

    public void Dispose() => _end.Dispose();

    [Fact]
    public void Node_goes_where_a_follower_sends_it_at_once()
    {
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Redirect("10.0.0.9:7400");
        _coordinators["10.0.0.9:7400"] = null;
        var leader = Run(50, "10.0.0.1:7400");
        leader.Dialled.ShouldBe(["10.0.0.1:7400", "10.0.0.9:7400"]);
    }

    /// <summary>It ended the agent: what no address can be made of is an exception that nobody expected.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("no address")]
    [InlineData(":")]
    [InlineData("10.0.0.1:99999")]
    public void Leader_at_no_address_is_looked_for_among_the_others(string address)
    {
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Redirect(address);
        _coordinators["10.0.0.2:7400"] = null;
        var leader = Run(2_000, "10.0.0.1:7400", "10.0.0.2:7400");
        leader.Dialled.ShouldBe(["10.0.0.1:7400", "10.0.0.2:7400"]);
    }

    /// <summary>Each sent it to the other as fast as the network carried it.</summary>
    [Fact]
    public void Followers_that_send_a_node_to_each_other_are_not_asked_without_a_pause()
    {
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Redirect("10.0.0.2:7400");
        _coordinators["10.0.0.2:7400"] = new LeaderMessage.Redirect("10.0.0.1:7400");
        var leader = Run(5_000, "10.0.0.1:7400");
        leader.Dialled.Count.ShouldBeInRange(10, 120);
    }

    [Fact]
    public void Node_that_is_refused_comes_back_when_it_was_told_to()
    {
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Refusal("full", 3_000);
        var leader = Run(2_900, "10.0.0.1:7400");
        leader.Dialled.Count.ShouldBe(1);
    }

    private FakeLeader Run(int milliseconds, params string[] coordinators)
    {
        var leader = new FakeLeader(at => _coordinators.TryGetValue(at, out var first) ? first is null ? [] : [first] : null, _ => []);
        var link = new LeaderLink(
            coordinators,
            new NodeMailbox(),
            new MapSieve(new NodeName("adc-1")),
            leader,
            new Random(1),
            _thread.Time,
            NullLogger<LeaderLink>.Instance);
        var running = _thread.Begin(() => link.RunAsync(_end.Token));
        var since = _thread.Time.GetTimestamp();
        _thread.RunUntil(
            () => running.IsCompleted || _thread.Time.GetElapsedTime(since) >= TimeSpan.FromMilliseconds(milliseconds) || leader.Dialled.Count > 1000,
            "time passes");
        running.IsCompleted.ShouldBeFalse(running.Exception?.ToString());
        _thread.Strays.ShouldBeEmpty();
        return leader;
    }
}
