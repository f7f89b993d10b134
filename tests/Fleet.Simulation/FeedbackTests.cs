using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Fleet.Node.Core;
using Fleet.Node.Feedback.Reading;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation;

/// <summary>A real server that can take less gets less, within two seconds, by the map of every node.</summary>
public sealed class FeedbackTests
{
    private static readonly BackendKey One = BackendKey.Parse("web/b1");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Halving_what_an_agent_says_halves_the_weight_in_every_map_within_two_seconds(int seed)
    {
        var service = Build.Service("web", Build.Vips(8));
        var world = new World(new WorldSettings
        {
            Seed = seed,
            Nodes = 4,
            Services = [service with { Pool = service.Pool with { Feedback = new FeedbackSpec(9777, 1000, 500) } }],
        });
        world.RunUntil(() => world.Now > 3_000_000 && Healed.Lacks(world) is null, TimeSpan.FromSeconds(20)).ShouldBeTrue("it forms");
        var percent = 80;
        foreach (var prober in ProberChoice.Choose(world.Store.Folded.Map, One))
            Ask(world, prober, AgentState.Suspected, () => percent);
        world.RunUntil(() => Everywhere(world, 80), TimeSpan.FromSeconds(3)).ShouldBeTrue("it is 80 % to begin with");
        world.Run(TimeSpan.FromSeconds(5));

        percent = 40;
        world.RunUntil(() => Everywhere(world, 40), TimeSpan.FromSeconds(2)).ShouldBeTrue("the halving shows in two seconds");

        // Noise around it makes no new maps, but one at the most: what was told first lay within the noise of the end of the way.
        world.Run(TimeSpan.FromSeconds(3));
        var revision = world.Store.Folded.Map.Version.Revision;
        for (var i = 0; i < 20; i++)
        {
            percent = 38 + (i * 7 % 5);
            world.Run(TimeSpan.FromSeconds(1));
        }

        (world.Store.Folded.Map.Version.Revision - revision).ShouldBeInRange(0, 1);
    }

    /// <summary>One question a second, as the shell asks it, beginning somewhere in the first.</summary>
    private static void Ask(World world, NodeName prober, AgentState state, Func<int> percent, bool isFirst = true) => world.After(
        TimeSpan.FromMicroseconds(isFirst ? world.Chance.Next(1_000_000) : 1_000_000),
        () =>
        {
            var node = world.Node(prober);
            var next = state.After(AgentWords.Read(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{percent()}%"))), node.Time);
            node.Take(new NodeInput.Weighed(One, next.Percent));
            Ask(world, prober, next, percent, isFirst: false);
        });

    /// <summary>Within the noise that is not told.</summary>
    private static bool Everywhere(World world, int percent) =>
        world.Nodes.Values.All(node => Math.Abs(node.Reactor!.Map.Feedback.GetValueOrDefault(One, 100) - percent) < 5);
}
