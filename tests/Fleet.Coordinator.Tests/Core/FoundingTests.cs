using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Core;

/// <summary>
/// What a fleet begins with is one entry of its journal: a coordinator that is killed at its first start never leaves a part of it, which no later
/// start would complete.
/// </summary>
public sealed class FoundingTests
{
    [Fact]
    public void All_that_the_configuration_asks_for_is_in_the_first_entry()
    {
        Command[] commands = [new Command.SetPolicy(FleetPolicy.Default with { VipPool = ["10.0.0.0/16"] }), Apply("a", 1), Apply("b", 2)];
        var events = Founding.Events(commands, Build.At(0));
        events.OfType<FleetEvent.PolicySet>().Single().Policy.VipPool.ShouldBe(["10.0.0.0/16"]);
        events.OfType<FleetEvent.ServiceApplied>().Select(e => e.Service.Name.Value).ShouldBe(["a", "b"]);
    }

    /// <summary>Each is decided by what the ones before have left: two services cannot have one VIP.</summary>
    [Fact]
    public void Configuration_that_the_fleet_refuses_founds_nothing() =>
        Should.Throw<InvalidOperationException>(() => Founding.Events([Apply("a", 1), Apply("b", 1)], Build.At(0))).Message
            .ShouldStartWith("The configuration is refused: ");

    private static Command.ApplyService Apply(string name, int vip) => new(Build.Service(name, [Build.Vip(vip)]));
}
