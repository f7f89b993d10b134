using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Core;

public sealed class CheckAssignmentTests
{
    private static readonly BackendKey Key = BackendKey.Parse("web/b1");
    private readonly CheckAssignment _assignment = new(new NodeName("adc-1"));

    [Fact]
    public void Verdict_is_told_once_on_a_link_and_again_on_the_next()
    {
        _assignment.HearVerdict(Key, Verdict.Up);
        _assignment.TakeNews(link: 1).ShouldBe([KeyValuePair.Create(Key, Verdict.Up)]);
        _assignment.TakeNews(link: 1).ShouldBeEmpty();
        _assignment.TakeNews(link: 2).ShouldBe([KeyValuePair.Create(Key, Verdict.Up)]);
    }

    [Fact]
    public void Node_that_is_cut_off_checks_every_backend_itself_and_believes_what_it_sees()
    {
        // Five nodes that are up: three of them probe each backend, and some backend is not this node's.
        var map = Build.Map(Build.Nodes(5), Enumerable.Range(1, 20).Select(i => Build.Serving(i, "adc-2", $"s{i}")));
        Checked(map, isCutOff: false).Length.ShouldBeInRange(1, 39);
        Checked(map, isCutOff: true).Length.ShouldBe(40);
        var known = map with { Verdicts = ImmutableSortedDictionary<BackendKey, Verdict>.Empty.Add(Key, Verdict.Up) };
        _assignment.HearVerdict(Key, Verdict.Down);
        _assignment.VerdictOf(known, Key).ShouldBe(Verdict.Down);
        Checked(map, isCutOff: false);
        _assignment.VerdictOf(known, Key).ShouldBe(Verdict.Up, "in a fleet with a leader the fleet's verdict counts");
    }

    private ImmutableArray<BackendToCheck> Checked(FleetMap map, bool isCutOff)
    {
        var effects = new List<NodeEffect>();
        _assignment.Update(effects, map, isCutOff);
        return effects.OfType<NodeEffect.CheckBackends>().Single().Backends;
    }
}
