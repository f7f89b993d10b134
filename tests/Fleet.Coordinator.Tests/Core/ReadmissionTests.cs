using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Core;

public sealed class ReadmissionTests
{
    private static Service Bad =>
        Build.Service("bad", Build.Vip(2)) is var service
            ? service with { Pool = service.Pool with { Feedback = new FeedbackSpec(70_000, 1000, 500) } }
            : null!;

    [Fact]
    public void Vips_of_a_service_that_is_left_out_wait_for_their_holder_before_anybody_gets_them()
    {
        var map = Build.Map(Build.Nodes(2), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-1", "bad")]);
        var state = new FleetState { Map = map with { Services = map.Services.SetItem(Bad.Name, Bad) } };
        var left = Readmission.FindReturning(state, CheckedServices.None).ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.ServiceLeftOut>();
        left.Service.ShouldBe(Bad.Name);
        left.Why.ShouldBe("pool.feedback.port: found 70000, allowed: a whole number from 1 to 65535");
        state = Evolver.Evolve(state, left, 2);
        state.Map.Services.Keys.ShouldBe([new ServiceName("web")]);
        state.Map.Vips.Keys.ShouldBe([Build.Vip(1)]);
        state.UnreleasedVips[Build.Vip(2)].ShouldBe(new UnreleasedVip(new NodeName("adc-1"), 2));
        Readmission.FindReturning(state, CheckedServices.None).ShouldBeEmpty();
        Evolver.Evolve(state, new FleetEvent.ServiceApplied(Build.Service("bad", Build.Vip(2))), 3).LeftOut.ShouldBeEmpty();
        Evolver.Evolve(state, new FleetEvent.ServiceRemoved(Bad.Name), 3).LeftOut.ShouldBeEmpty();
    }

    [Fact]
    public void Service_with_holes_does_not_even_fold_and_is_left_out_where_it_stands()
    {
        var holed = Build.Service("bad", Build.Vip(2)) with { Listeners = [null!] };
        var entry = new JournalEntry(2, 1, DateTimeOffset.UnixEpoch, Build.By, [new FleetEvent.ServiceApplied(holed)]);
        Readmission
            .Whole(entry).Events
            .ShouldHaveSingleItem()
            .ShouldBeOfType<FleetEvent.ServiceLeftOut>().Why
            .ShouldContain("listeners[0]: found nothing");
        var map = Build.Map(Build.Nodes(1), [Build.Serving(2, "adc-1", "bad")]);
        var state = Readmission.Whole(new FleetState { Map = map with { Services = map.Services.SetItem(holed.Name, holed) } });
        state.Map.Services.ShouldBeEmpty();
        state.Map.Vips.ShouldBeEmpty();
        state.UnreleasedVips.Keys.ShouldBe([Build.Vip(2)]);
    }

    [Fact]
    public void Node_that_is_down_and_has_no_name_is_forgotten()
    {
        var node = Build.Node("adc-1", presence: NodePresence.Down);
        var state = new FleetState { Map = Build.Map([node with { Facts = node.Facts with { Name = new NodeName("two words") } }]) };
        Readmission.FindReturning(state, CheckedServices.None).ShouldBe([new FleetEvent.NodeForgotten(new NodeName("two words"))]);
    }
}
