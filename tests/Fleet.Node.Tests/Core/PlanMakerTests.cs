using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Core;

public sealed class PlanMakerTests
{
    [Theory]
    [InlineData(AllDown.FailClosed, Verdict.Down, 0)]
    [InlineData(AllDown.ServeAll, Verdict.Down, 2)]
    [InlineData(AllDown.FailClosed, Verdict.Unknown, 0)]
    [InlineData(AllDown.FailClosed, Verdict.Up, 2)]
    public void With_no_backend_up_the_pool_says_whether_to_try_them_all(AllDown policy, Verdict all, int backends)
    {
        var map = Build.Map(Build.Nodes(1), [Build.Serving(1, "adc-1")]);
        var service = map.Services.Values.Single();
        map = map with { Services = map.Services.SetItem(service.Name, service with { Pool = service.Pool with { AllDown = policy } }) };
        PlanMaker.Weights(map.Services.Values, map.Feedback, _ => all).Count.ShouldBe(backends);
    }

    [Fact]
    public void Backend_that_is_down_takes_nothing_while_another_is_up()
    {
        var map = Build.Map(Build.Nodes(1), [Build.Serving(1, "adc-1")]);
        PlanMaker
            .Weights(map.Services.Values, map.Feedback, key => key.Backend == "b1" ? Verdict.Down : Verdict.Up).Keys
            .ShouldHaveSingleItem().Backend
            .ShouldBe("b2");
    }
}
