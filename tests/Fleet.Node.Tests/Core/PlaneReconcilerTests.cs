using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>What a node holds, and says that it holds, of a data plane that is slow, fails, or says that it carries something else.</summary>
public sealed class PlaneReconcilerTests
{
    private readonly PlaneStage _stage = new();

    [Fact]
    public void No_vip_is_taken_before_the_data_plane_says_that_it_carries_the_plan()
    {
        _stage.Begin();
        _stage.Holds.ShouldBeEmpty();
        _stage.Carry();
        _stage.Held.ShouldBe([Build.Vip(1), Build.Vip(2)]);
        _stage.Beat().Missing.ShouldBeEmpty();
        _stage.Said.Applied.ShouldBe(_stage.Map.Version);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void New_vip_is_missing_while_the_newest_plan_fails_and_what_is_held_is_held_on(bool isOfStatesAlone)
    {
        _stage.Serve();
        if (isOfStatesAlone)
            _stage.Judge("web/b1", Verdict.Up);
        else
            _stage.ChangeService(web => web with { Listeners = [.. web.Listeners, new Listener(443, ListenerProtocol.Tcp)] });
        _stage.Fail();
        _stage.Give(3);
        _stage.Held.ShouldBe([Build.Vip(1), Build.Vip(2)]);
        _stage.Said.Missing.ShouldBe([Build.Vip(3)]);
        _stage.Said.Applied.ShouldBe(_stage.Map.Version, "what was let go of and lease terms are confirmed all the same");
        _stage.Pass(50);
        _stage.Fail();
        _stage.Beat().Missing.ShouldBe([Build.Vip(3)]);
        _stage.Carry();
        _stage.Held.ShouldBe([Build.Vip(1), Build.Vip(2), Build.Vip(3)]);
        _stage.Beat().Missing.ShouldBeEmpty();
        _stage.Holds.SkipWhile(hold => hold.Vips.IsEmpty).ShouldAllBe(hold => hold.Vips.Contains(Build.Vip(1)));
    }

    [Fact]
    public void Data_plane_that_does_not_answer_is_waited_for_40_milliseconds_and_then_the_rest_is_confirmed()
    {
        _stage.Serve();
        var before = _stage.Map.Version;
        _stage.GiveNew(9);
        _stage.Due.ShouldBe(40);
        _stage.Pass(39);
        _stage.Holds.ShouldAllBe(hold => hold.Version == before);
        _stage.Pass(1);
        _stage.Holds.Last().Version.ShouldBe(_stage.Map.Version);
        _stage.Held.ShouldBe([Build.Vip(1), Build.Vip(2)]);
        _stage.Said.Missing.ShouldBe([Build.Vip(9)]);
        _stage.Pass(60_000);
        _stage.Wholes.ShouldBe(2, "it was not told again before it has answered");
        _stage.Carry();
        _stage.Held.ShouldContain(Build.Vip(9));
    }

    /// <summary>HAProxy that stands still goes on accepting connections, by way of the kernel: nobody would be served.</summary>
    [Fact]
    public void Data_plane_that_falls_silent_holds_nothing_and_gets_it_back_when_it_answers()
    {
        _stage.Serve();
        _stage.Step(new NodeInput.PlaneSilent(Build.At(-449_999)));
        _stage.Held.ShouldBe([Build.Vip(1), Build.Vip(2)], "it may only be slow");
        _stage.Pass(1);
        _stage.Held.ShouldBeEmpty();
        _stage.Said.Missing.ShouldBe([Build.Vip(1), Build.Vip(2)], "the leader hears of it at once");
        _stage.Said.Ill.ShouldNotBeNull().ShouldContain("relay");
        _stage.Give(3);
        _stage.Carry();
        _stage.Held.ShouldBeEmpty();
        _stage.Beat().Missing.ShouldBe([Build.Vip(1), Build.Vip(2), Build.Vip(3)]);
        _stage.Step(new NodeInput.PlaneSilent(null));
        _stage.Held.ShouldBe([Build.Vip(1), Build.Vip(2), Build.Vip(3)]);
        _stage.Said.Ill.ShouldNotBeNull("it has only just begun to answer");
        _stage.Pass(2000);
        _stage.Said.Ill.ShouldBeNull();
        _stage.Said.Missing.ShouldBeEmpty();
    }

    /// <summary>The last count was of connections that nobody serves any more, and nobody can count anew.</summary>
    [Fact]
    public void Vip_of_a_silent_data_plane_is_not_busy()
    {
        _stage.Serve();
        _stage.Change(map =>
            map with { Vips = map.Vips.SetItem(Build.Vip(1), map.Vips[Build.Vip(1)] with { Phase = VipPhase.Draining }) });
        var counters = ImmutableSortedDictionary<VipAddress, VipCounters>.Empty.Add(Build.Vip(1), new VipCounters(0, 0, 5, 0, 5));
        _stage.Step(new NodeInput.PlaneRead(new PlaneReading(PlanGeneration.None, counters)));
        _stage.Beat().Busy.Keys.ShouldBe([Build.Vip(1)]);
        _stage.Step(new NodeInput.PlaneSilent(Instant.Never));
        _stage.Said.Busy.ShouldBeEmpty();
    }

    /// <summary>Its next owner would wait for the end of connections that there are not.</summary>
    [Fact]
    public void Vip_that_was_never_taken_and_is_to_move_is_not_busy_though_nothing_drains_it()
    {
        _stage.Serve();
        _stage.GiveNew(9);
        _stage.Fail();
        _stage.DrainFails = true;
        _stage.Change(map =>
            map
                with
            {
                Vips = map.Vips
                        .SetItem(Build.Vip(9), map.Vips[Build.Vip(9)] with { Phase = VipPhase.Draining })
                        .SetItem(Build.Vip(1), map.Vips[Build.Vip(1)] with { Phase = VipPhase.Draining }),
            });
        _stage.Beat().Busy.Keys.ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Takeover_waits_for_no_reload_that_changes_nothing_for_the_vip()
    {
        _stage.Serve();
        _stage.ChangeService(api => api with { Listeners = [.. api.Listeners, new Listener(443, ListenerProtocol.Tcp)] }, "api");
        _stage.Give(3);
        _stage.Asked.ShouldNotBeNull();
        _stage.Held.ShouldContain(Build.Vip(3));
        _stage.Said.Missing.ShouldBeEmpty();
        _stage.Said.Applied.ShouldBe(_stage.Map.Version);
    }

    /// <summary>The leader takes a VIP of a map that was carried out, and that is not missing, for one that is served.</summary>
    [Fact]
    public void What_was_missing_when_the_lease_ended_is_missing_still()
    {
        _stage.Serve();
        _stage.GiveNew(9);
        _stage.Fail();
        _stage.Said.Missing.ShouldBe([Build.Vip(9)]);
        _stage.Pass(700_000);
        _stage.Held.ShouldBeEmpty();
        _stage.Pass(60_000);
        _stage.Said.Missing.ShouldBe([Build.Vip(9)]);
    }

    [Fact]
    public void Vip_is_let_go_of_before_the_data_plane_answers()
    {
        _stage.Serve();
        _stage.ChangeService(web => web with { Listeners = [] });
        _stage.Change(map => map with { Vips = map.Vips.SetItem(Build.Vip(1), map.Vips[Build.Vip(1)] with { Phase = VipPhase.Releasing }) });
        _stage.Held.ShouldBe([Build.Vip(2)]);
        _stage.Pass(40);
        _stage.Said.Applied.ShouldBe(_stage.Map.Version, "its successor waits for this");
    }

    [Fact]
    public void Apply_that_fails_is_said_with_every_heartbeat_until_it_succeeds()
    {
        _stage.Begin();
        _stage.Beat().Problems.ShouldBeNull();
        _stage.Fail("no space left on device");
        _stage
            .Beat().Problems!.Value
            .Single()
            .ShouldBe("the newest services and states of backends, which its data plane (relay) does not carry: no space left on device");
        _stage.Carry();
        _stage.Beat().Problems.ShouldBeNull();
    }

    [Fact]
    public void What_carries_another_generation_than_it_was_told_is_held_for_nothing()
    {
        _stage.Begin();
        _stage.Answer(new NodeInput.Applied(_stage.Asked!.Value, new PlanGeneration(99)));
        _stage.Held.ShouldBeEmpty();
        _stage.Said.Missing.ShouldBe([Build.Vip(1), Build.Vip(2)]);
        _stage.Beat().Problems!.Value.Single().ShouldContain("it was told generation 1 and says that it carries generation 99");
        _stage.Carry();
        _stage.Held.Count.ShouldBe(2);
    }

    /// <summary>It serves clients of the one with the backends of the other.</summary>
    [Fact]
    public void Vip_that_another_service_has_got_is_missing_until_the_data_plane_carries_that()
    {
        _stage.Serve();
        _stage.Change(map => map with
        {
            Services = map.Services
                .SetItem(new("web"), Build.Service("web", [Build.Vip(3), Build.Vip(4)]))
                .SetItem(new("api"), Build.Service("api", [Build.Vip(1), Build.Vip(2)])),
            Vips = map.Vips.SetItem(Build.Vip(1), map.Vips[Build.Vip(1)] with { Service = new("api") }),
        });
        _stage.Fail();
        _stage.Beat().Missing.ShouldBe([Build.Vip(1)]);
        _stage.Carry();
        _stage.Beat().Missing.ShouldBeEmpty();
    }

    /// <summary>It may have done what it says failed: that the old plan is wanted again does not make it the one that is carried.</summary>
    [Fact]
    public void Vip_that_has_gone_to_another_service_and_back_is_missing_until_the_data_plane_carries_the_last()
    {
        _stage.Serve();
        var before = _stage.Map.Services;
        Move(
            "api",
            before.SetItem(new("web"), Build.Service("web", [Build.Vip(3), Build.Vip(4)]))
                .SetItem(new("api"), Build.Service("api", [Build.Vip(1), Build.Vip(2)])));
        _stage.Fail();
        Move("web", before);
        _stage.Beat().Missing.ShouldBe([Build.Vip(1)]);
        _stage.Carry();
        _stage.Beat().Missing.ShouldBeEmpty();

        void Move(string service, ImmutableSortedDictionary<ServiceName, Service> services) => _stage.Change(map => map with
        {
            Services = services,
            Vips = map.Vips.SetItem(Build.Vip(1), map.Vips[Build.Vip(1)] with { Service = new(service) }),
        });
    }

    [Fact]
    public void What_an_agent_before_this_one_has_left_is_renewed_at_once_and_said_to_be_held_when_the_data_plane_has_answered()
    {
        var next = new PlaneStage(found: Build.Vip(1)).Begin();
        next.Pass(40);
        next.Held.ShouldBe([Build.Vip(1)]);
        next.Said.Missing.ShouldBe([Build.Vip(1), Build.Vip(2)]);
        next.Carry();
        next.Held.ShouldBe([Build.Vip(1), Build.Vip(2)]);
        next.Said.Missing.ShouldBeEmpty();
    }

    [Fact]
    public void What_waits_to_be_taken_when_the_lease_ends_is_not_taken_without_one()
    {
        _stage.Begin();
        _stage.Pass(700_000);
        _stage.Carry();
        _stage.Holds.ShouldAllBe(hold => hold.Vips.IsEmpty);
    }

    [Fact]
    public void Data_plane_that_is_found_with_another_plan_is_told_all_of_it_again()
    {
        _stage.Serve();
        _stage.Judge("web/b1", Verdict.Up);
        _stage.Carry();
        var carried = _stage.Effects.OfType<NodeEffect.ApplyBackends>().Last().Backends.Generation;
        Read(carried);
        _stage.Wholes.ShouldBe(1);
        Read(new PlanGeneration(1));
        _stage.Wholes.ShouldBe(2);
        _stage.Said.Missing.ShouldBeEmpty();
        _stage.Beat().Missing.ShouldBe([Build.Vip(1), Build.Vip(2)]);
        _stage.Carry();
        _stage.Beat().Missing.ShouldBeEmpty();
    }

    /// <summary>What was read before an apply and is heard after it says nothing.</summary>
    [Fact]
    public void Reading_that_an_apply_has_overtaken_is_no_loss()
    {
        _stage.Serve();
        UntilRead();
        _stage.Judge("web/b1", Verdict.Up);
        _stage.Carry();
        _stage.Step(new NodeInput.PlaneRead(new PlaneReading(new PlanGeneration(1), PlaneReadings.NoCounters)));
        (_stage.Wholes, _stage.States).ShouldBe((1, 1));
    }

    private void Read(PlanGeneration carries)
    {
        UntilRead();
        _stage.Step(new NodeInput.PlaneRead(new PlaneReading(carries, PlaneReadings.NoCounters)));
    }

    private void UntilRead()
    {
        for (var before = Count(); Count() == before;)
            _stage.Beat();

        int Count() => _stage.Effects.OfType<NodeEffect.ReadPlane>().Count();
    }
}
