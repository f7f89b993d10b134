using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Haproxy.Plans;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>Commands against a model of HAProxy: what they lead to, and what there is in between.</summary>
public sealed class PlaneChangeTests
{
    private const int Steps = 1500;

    [Fact]
    public void Commands_lead_to_what_a_reload_would_load()
    {
        var atRuntime = 0;
        foreach (var (loaded, wanted) in Walk())
            if (PlaneChange.Between(loaded, wanted) is PlaneChange.AtRuntime change)
            {
                var model = new HaproxyModel(loaded);
                foreach (var command in change.Commands)
                    model.Tell(command);
                model.ToString().ShouldBe(new HaproxyModel(wanted).ToString());
                atRuntime++;
            }

        atRuntime.ShouldBeGreaterThan(Steps / 2);
    }

    [Fact]
    public void No_vip_that_has_backends_before_and_after_is_without_one_in_between()
    {
        foreach (var (loaded, wanted) in Walk())
            if (PlaneChange.Between(loaded, wanted) is PlaneChange.AtRuntime change)
            {
                var model = new HaproxyModel(loaded);
                var after = new HaproxyModel(wanted).Served();
                var always = model.Served().Where(vip => vip.Value.Length > 0 && after.GetValueOrDefault(vip.Key) is { Length: > 0 })
                    .Select(vip => vip.Key).ToArray();
                foreach (var command in change.Commands)
                {
                    model.Tell(command);
                    var served = model.Served();
                    foreach (var vip in always)
                        served.GetValueOrDefault(vip).ShouldNotBeEmpty($"{vip} after '{command}'");
                }
            }
    }

    /// <summary>Plans, states and drains at random, each laid out over the one before.</summary>
    private static IEnumerable<(HaproxyLayout Loaded, HaproxyLayout Wanted)> Walk()
    {
        var chance = new Random(13);
        var first = OnTheSamePorts(RandomPlan(0, chance));
        var loaded = LayoutMaker.Next(null, first, RandomStates(first, chance), Options);
        for (var i = 1; i <= Steps; i++)
        {
            var plan = OnTheSamePorts(RandomPlan(i, chance));
            var wanted = LayoutMaker.Next(loaded, plan, RandomStates(plan, chance), Options) with
            {
                Draining = chance.Next(2) > 0 ? loaded.Draining : [Vip($"10.1.{chance.Next(6)}.{1 + chance.Next(5)}"), Vip("2001:db8::1")],
            };
            yield return (loaded, wanted);
            loaded = wanted;
        }
    }

    private static NodePlan OnTheSamePorts(NodePlan plan) => plan with
    {
        Services =
        [
            .. plan.Services.Select(service => service with
            {
                Listeners = [new Listener(80, ListenerProtocol.Http), new Listener(90, ListenerProtocol.Tcp)],
            }),
        ],
    };
}
