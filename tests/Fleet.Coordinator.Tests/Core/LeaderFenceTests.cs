using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Core;

/// <summary>
/// VIP 1 has arrived at adc-1 with revision 5, which adc-1 does not get to know: it is fenced two seconds after it was sent a whole map. What the
/// fence does is tried here, who is fenced in <see cref="FenceRuleTests"/>.
/// </summary>
public sealed class LeaderFenceTests
{
    private static readonly NodeName One = new("adc-1");
    private static readonly FleetMap Map = Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1") with { Phase = VipPhase.Arriving, Since = 5 }])
        with
    { Version = new MapVersion(1, 5) };

    private readonly LeaderStage _stage = new(Map, 1000);

    public LeaderFenceTests()
    {
        for (var at = 1100; at <= 4200; at += 100)
            Beat(at);
    }

    [Fact]
    public void Fenced_node_gets_no_acknowledgement_and_is_lost_when_its_lease_is_over_though_it_is_heard()
    {
        IsFenced.ShouldBeTrue();
        Beat(4300).ShouldBeFalse();
        Beat(4500).ShouldBeFalse();
        AnswerAll(4610);
        _stage.Events.OfType<FleetEvent.NodeLost>().ShouldHaveSingleItem().Node.ShouldBe(One);
        _stage.Map.Vips[Build.Vip(1)].Owner.ShouldNotBe(One);
    }

    [Fact]
    public void Witnesses_are_told_whom_not_to_vouch_for()
    {
        var asked = _stage.Tick(4400).Concat(_stage.Tick(4600)).ToArray();
        asked.ShouldNotBeEmpty();
        asked.ShouldAllBe(q => q.Withheld.SequenceEqual(new[] { One }));
    }

    [Fact]
    public void Fence_lasts_as_long_as_it_does_not_know_the_map_and_no_longer()
    {
        Beat(4300).ShouldBeFalse();
        Beat(4310).ShouldBeFalse();
        IsFenced.ShouldBeTrue();
        _stage.Beat("adc-1", 4320, applied: 4, known: 5).ShouldBeTrue();
        IsFenced.ShouldBeFalse("it knows, and takes its time");
        _stage.Leader.Observed.Node(One).LeaseExpiryProof.ShouldBeNull();
    }

    [Fact]
    public void What_witnesses_have_said_outlasts_the_heartbeats_of_a_fenced_node()
    {
        var question = _stage.Tick(4600)[0].Id;
        _stage.TakeWitnessReply("adc-2", question, "adc-1", 100, 4610);
        Beat(4620);
        _stage.Leader.Observed.Node(One).LeaseExpiryProof.ShouldNotBeNull().Answers.Keys.ShouldBe([new NodeName("adc-2")]);
    }

    [Fact]
    public void Restarted_agent_knows_what_it_says_and_not_what_the_one_before_it_knew()
    {
        _stage.Beat("adc-1", 4320, applied: 5);
        _stage.Step(new LeaderInput.Parted(1), 4330);
        _stage.Step(new LeaderInput.Said(1, Build.By, new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.Second, MapVersion.None)), 4340);
        _stage.Leader.Observed.Node(One).Known.ShouldBe(MapVersion.None);
    }

    private bool IsFenced => _stage.Leader.Observed.Node(One).Fence is not null;

    /// <summary>All speak; adc-1 works by revision 4 and knows no more.</summary>
    private bool Beat(double at)
    {
        _stage.Beat("adc-2", at, _stage.Map.Version.Revision);
        _stage.Beat("adc-3", at, _stage.Map.Version.Revision);
        var isAcknowledged = _stage.Beat("adc-1", at, applied: 4);
        _stage.Tick(at + 1);
        return isAcknowledged;
    }

    private void AnswerAll(double at)
    {
        foreach (var question in _stage.Tick(at))
        {
            _stage.TakeWitnessReply("adc-2", question.Id, "adc-1", 10_000, at + 1);
            _stage.TakeWitnessReply("adc-3", question.Id, "adc-1", 10_000, at + 1);
        }

        _stage.Tick(at + 2);
    }
}
