using Fleet.Coordinator.Membership;
using System.Net;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Membership;

/// <summary>Node adc-1 is on host "here", in its first run.</summary>
public sealed class NameHolderTests
{
    private static readonly NodeName One = new("adc-1");

    [Fact]
    public void Another_host_cannot_have_the_name_of_a_node_that_is_up_though_nothing_links_it()
    {
        var leader = Leader();
        Greet(leader, 1, "here", Build.First, 1).ShouldBeOfType<LeaderMessage.Welcome>();
        leader.Step(new LeaderInput.Parted(1), Build.At(10), DateTimeOffset.UnixEpoch);
        Greet(leader, 2, "there", Build.Second, 5000).ShouldBeOfType<LeaderMessage.Refusal>().ShouldBe(new LeaderMessage.Refusal(
            "The name adc-1 is held by an agent on another host, at 203.0.113.7, and that node is up: "
            + "give this one another name (fleet.node.name), or stop that one first. "
            + "The name is free once that node is down; of a dead one, pbm cluster down adc-1 says so.", 1000));
        Greet(leader, 3, "here", Build.First, 5001).ShouldBeOfType<LeaderMessage.Welcome>("it has kept its name");
    }

    [Fact]
    public void Agent_that_is_started_anew_on_its_host_is_welcome_at_once()
    {
        var leader = Leader();
        Greet(leader, 1, "here", Build.First, 1);
        leader.Step(new LeaderInput.Parted(1), Build.At(2), DateTimeOffset.UnixEpoch);
        Greet(leader, 2, "here", Build.Second, 3).ShouldBeOfType<LeaderMessage.Welcome>();
    }

    [Fact]
    public void New_leader_that_has_heard_nobody_yet_knows_whose_the_name_is()
    {
        Greet(Leader(), 1, "there", Build.Second, 1).ShouldBeOfType<LeaderMessage.Refusal>().Reason.ShouldContain("192.0.2.1");
        Greet(Leader(), 1, "here", Build.Second, 1).ShouldBeOfType<LeaderMessage.Welcome>();
    }

    [Fact]
    public void Name_of_a_node_that_is_down_or_was_never_there_is_free()
    {
        Greet(Leader(NodePresence.Down), 1, "there", Build.First, 1).ShouldBeOfType<LeaderMessage.Welcome>();
        Greet(new Leader(1, FleetState.Empty, Build.At(0)), 1, "there", Build.First, 1).ShouldBeOfType<LeaderMessage.Welcome>();
    }

    [Fact]
    public void Copy_of_a_nodes_folder_cannot_have_its_name_while_it_is_linked_and_heard()
    {
        var leader = Leader();
        Greet(leader, 1, "here", Build.First, 1);
        Greet(leader, 2, "here", Build.Second, 300).ShouldBeOfType<LeaderMessage.Refusal>()
            .Reason.ShouldContain("from the same folder, or a copy of it, at 203.0.113.7, and that node is linked");
        Greet(leader, 3, "here", Build.Second, 302).ShouldBeOfType<LeaderMessage.Welcome>("the first has not been heard for three heartbeats");
    }

    [Fact]
    public void Run_of_the_same_number_on_another_host_is_another_run()
    {
        var leader = Leader();
        Greet(leader, 1, "here", Build.First, 1);
        Greet(leader, 2, "there", Build.First, 2).ShouldBeOfType<LeaderMessage.Refusal>();
        Greet(leader, 3, "here", Build.First, 3).ShouldBeOfType<LeaderMessage.Welcome>("it only links anew");
    }

    private static Leader Leader(NodePresence presence = NodePresence.Up)
    {
        var node = Build.Node("adc-1", presence: presence) with { Facts = Facts("here") };
        return new Leader(1, new FleetState { Map = Build.Map([node]) }, Build.At(0));
    }

    private static NodeFacts Facts(string host) => Build.Facts("adc-1") with { Host = host };

    /// <summary>What is said to a hello first.</summary>
    private static LeaderMessage Greet(Leader leader, long connection, string host, Incarnation run, double at)
    {
        var by = Principal.Claimed(One.Value, IPAddress.Parse("203.0.113.7"));
        var hello = new NodeMessage.Hello(Wire.Schema, Facts(host), run, MapVersion.None);
        var step = leader.Step(new LeaderInput.Said(connection, by, hello), Build.At(at), DateTimeOffset.UnixEpoch);
        if (step.Entry is { } entry)
            leader.Abandon($"what revision {entry.Revision} would say is not of this test");
        return step.Works.OfType<LeaderWork.Send>().First(work => work.Connection == connection).Message;
    }
}
