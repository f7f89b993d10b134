using System.Net;
using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.Tests.Hosts;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Control;

/// <summary>Where a node looks for the leader, and how often.</summary>
public sealed class LeaderLinkTests : IDisposable
{
    /// <summary>One that is still to come.</summary>
    private const LinkTransport Another = (LinkTransport)7;

    private readonly OneThread _thread = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, LeaderMessage?> _coordinators = [];
    private readonly List<LinkTransport> _over = [];
    private readonly LogLines<LeaderLink> _log = new();

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
    [InlineData("10.0.0.9:99999")]
    [InlineData("10.0.0.9:0")]
    [InlineData("ws://")]
    [InlineData("ws://10.0.0.9:7400/v1/link")]
    [InlineData("tomorrow://10.0.0.9:7400")]
    [InlineData("http://10.0.0.9:7400")]
    [InlineData("0://10.0.0.9:7400")]
    public void Leader_at_no_address_is_looked_for_among_the_others(string address)
    {
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Redirect(address);
        _coordinators["10.0.0.2:7400"] = null;
        var leader = Run(2_000, "10.0.0.1:7400", "10.0.0.2:7400");
        leader.Dialled.ShouldBe(["10.0.0.1:7400", "10.0.0.2:7400"]);
    }

    [Fact]
    public void Redirect_that_cannot_be_followed_is_said_once_of_each_coordinator()
    {
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Redirect("tomorrow://10.0.0.9:7400");
        _coordinators["10.0.0.2:7400"] = new LeaderMessage.Redirect("nowhere\n" + new string('x', 500));
        var leader = Run(20_000, "10.0.0.1:7400", "10.0.0.2:7400");
        leader.Dialled.Count.ShouldBeGreaterThan(20);
        Astray.ShouldBe([
            "Coordinator ws://10.0.0.1:7400 sends this node to \"tomorrow://10.0.0.9:7400\", which it does not follow; allowed: "
            + LinkAddress.Allowed,
            $"Coordinator ws://10.0.0.2:7400 sends this node to \"nowhere\\n{new string('x', 72)}\"..., which it does not follow; allowed: "
            + LinkAddress.Allowed,
        ]);
    }

    [Fact]
    public void Redirect_that_cannot_be_followed_is_said_again_when_there_was_a_leader_meanwhile()
    {
        var redirect = new LeaderMessage.Redirect("tomorrow://10.0.0.9:7400");
        LeaderMessage[] led = [new LeaderMessage.Welcome(1, LeaseTerms.Default), new LeaderMessage.Refusal("it stops", 10)];
        var leader = Run(10_000, _ => _over.Count == 10 ? led : [redirect], Ws("10.0.0.1:7400"));
        leader.Dialled.Count.ShouldBeGreaterThan(20);
        Astray.Count().ShouldBe(2);
    }

    [Fact]
    public void Coordinator_that_names_ever_new_places_does_not_fill_the_log()
    {
        var leader = Run(20_000, _ => [new LeaderMessage.Redirect($"nowhere-{_over.Count}")], Ws("10.0.0.1:7400"));
        leader.Dialled.Count.ShouldBeGreaterThan(40);
        Astray.Count().ShouldBe(16);
    }

    /// <summary>A link that was encrypted stays so, unless the follower says otherwise.</summary>
    [Theory]
    [InlineData("10.0.0.9:7400", Another)]
    [InlineData("ws://10.0.0.9:7400", LinkTransport.Ws)]
    [InlineData("WS://10.0.0.9:7400", LinkTransport.Ws)]
    public void Leader_is_dialled_over_the_transport_that_the_redirect_names_or_else_was_heard_over(string leader, LinkTransport over)
    {
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Redirect(leader);
        _coordinators["10.0.0.9:7400"] = null;
        Run(50, Answer, new LinkAddress(Another, IPEndPoint.Parse("10.0.0.1:7400"))).Dialled.ShouldBe(["10.0.0.1:7400", "10.0.0.9:7400"]);
        _over.ShouldBe([Another, over]);
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

    /// <summary>One that stands still takes connections, and answers nothing for two seconds.</summary>
    [Fact]
    public void Coordinator_that_was_just_left_is_not_the_next_that_is_asked()
    {
        var refusal = new LeaderMessage.Refusal("it stops", 10);
        // It is sent to the one that is the next in turn.
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Redirect("10.0.0.2:7400");
        _coordinators["10.0.0.2:7400"] = refusal;
        _coordinators["10.0.0.3:7400"] = refusal;
        var dialled = Run(20_000, "10.0.0.1:7400", "10.0.0.2:7400", "10.0.0.3:7400").Dialled;
        dialled.Count.ShouldBeGreaterThan(20);
        dialled.Zip(dialled.Skip(1)).ShouldAllBe(pair => pair.First != pair.Second);
        dialled.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Node_that_is_refused_comes_back_when_it_was_told_to()
    {
        _coordinators["10.0.0.1:7400"] = new LeaderMessage.Refusal("full", 3_000);
        var leader = Run(2_900, "10.0.0.1:7400");
        leader.Dialled.Count.ShouldBe(1);
    }

    private IEnumerable<string> Astray => _log.Lines.Where(line => line.Contains("sends this node", StringComparison.Ordinal));

    private static LinkAddress Ws(string endpoint) => new(LinkTransport.Ws, IPEndPoint.Parse(endpoint));

    private FakeLeader Run(int milliseconds, params string[] coordinators) => Run(milliseconds, Answer, [.. coordinators.Select(Ws)]);

    private IEnumerable<LeaderMessage>? Answer(string at) => _coordinators.TryGetValue(at, out var first) ? first is null ? [] : [first] : null;

    private FakeLeader Run(int milliseconds, Func<string, IEnumerable<LeaderMessage>?> dialled, params LinkAddress[] coordinators)
    {
        var leader = new FakeLeader(dialled, _ => []);
        var link = new LeaderLink(
            coordinators,
            new NodeMailbox(),
            new MapSieve(new NodeName("adc-1")),
            transport =>
            {
                _over.Add(transport);
                return leader;
            },
            new Random(1),
            _thread.Time,
            _log);
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
