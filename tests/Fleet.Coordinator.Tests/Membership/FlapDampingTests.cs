using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Membership;

public sealed class FlapDampingTests
{
    private static readonly Instant Now = Build.At(1_000_000);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(5, 16)]
    [InlineData(7, 60)]
    [InlineData(1000, 60)]
    public void Delay_doubles_with_every_loss_up_to_a_minute(int losses, int seconds) =>
        FlapDamping.Delay(new NodeObserved { LastHeard = Now, Losses = losses }).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(2, 15)]
    [InlineData(4, 60)]
    [InlineData(50, 300)]
    public void Node_that_was_lost_again_is_given_nothing_by_plan_until_it_has_been_steady(int losses, int seconds)
    {
        var node = new NodeObserved { LastHeard = Now, Losses = losses, BackSince = Now };
        FlapDamping.IsOnProbation(node, Now + TimeSpan.FromSeconds(seconds)).ShouldBeFalse();
        FlapDamping.IsOnProbation(node, Now + TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1)).ShouldBeTrue();
        FlapDamping.IsOnProbation(node with { Losses = 1 }, Now).ShouldBeFalse("once is no habit");
    }

    [Fact]
    public void Ten_minutes_without_a_loss_are_forgiveness()
    {
        var node = new NodeObserved { LastHeard = Now, Losses = 4, LastLost = Now };
        FlapDamping.CountLoss(node, Now + TimeSpan.FromMinutes(10)).Losses.ShouldBe(5);
        FlapDamping.CountLoss(node, Now + TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1)).Losses.ShouldBe(1);
    }

    [Fact]
    public void Node_that_said_goodbye_did_not_fail() =>
        FlapDamping.CountLoss(new NodeObserved { LastHeard = Now, Losses = 1, LastLost = Now, SaidGoodbye = true }, Now).Losses.ShouldBe(1);

    [Fact]
    public void Node_whose_link_is_open_and_over_which_nothing_comes_is_not_taken_back()
    {
        var (state, heard) = OneIsDown();
        FlapDamping.Readmit(state, heard.With(new NodeName("adc-1"), n => n with { LastHeard = Now - TimeSpan.FromMilliseconds(450) }), Now)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Node_is_not_taken_back_before_it_knows_that_it_was_lost()
    {
        var (state, heard) = OneIsDown();
        var deaf = heard.With(new NodeName("adc-1"), n => n with { LostAt = 7, Known = new MapVersion(1, 6) });
        FlapDamping.Readmit(state, deaf, Now).ShouldBeEmpty();
        FlapDamping.Readmit(state, deaf.With(new NodeName("adc-1"), n => n with { Known = new MapVersion(1, 7) }), Now).ShouldHaveSingleItem();
    }

    [Fact]
    public void Node_that_is_heard_comes_back_when_its_time_has_passed()
    {
        var (state, heard) = OneIsDown();
        FlapDamping.Readmit(state, heard, Now).ShouldHaveSingleItem().ShouldBe(new FleetEvent.NodeReturned(new NodeName("adc-1")));

        var flapping = heard.With(new NodeName("adc-1"), n => n with { Losses = 2, LastLost = Now - TimeSpan.FromMilliseconds(1999) });
        FlapDamping.Readmit(state, flapping, Now).ShouldBeEmpty();
        FlapDamping.Readmit(state, flapping, Now + TimeSpan.FromMilliseconds(1)).ShouldHaveSingleItem();
        FlapDamping.Readmit(state, heard.SilentSince("adc-1", Now), Now).ShouldBeEmpty();
    }

    /// <summary>Node adc-1 is down in the map, and heard.</summary>
    private static (FleetState State, Observed Heard) OneIsDown()
    {
        var state = TestState.StateOf(Build.Map([Build.Node("adc-1", presence: NodePresence.Down), Build.Node("adc-2")]));
        return (state, TestState.AllHeard(state, Now));
    }
}
