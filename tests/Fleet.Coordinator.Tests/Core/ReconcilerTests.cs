using System.Reflection;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Core;

public sealed class ReconcilerTests
{
    private static readonly Instant Now = Build.At(60_000);

    [Fact]
    public void Every_rule_is_run()
    {
        Type[] asked = [typeof(FleetState), typeof(Observed), typeof(Instant)];
        var run = (IEnumerable<Rule>)typeof(Reconciler).GetField("Rules", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        typeof(Reconciler).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m =>
                m.DeclaringType != typeof(Reconciler) && m.ReturnType == typeof(IEnumerable<FleetEvent>)
                    && m.GetParameters().Select(p => p.ParameterType).SequenceEqual(asked))
            .Except(run.Select(rule => rule.Method))
            .ShouldBeEmpty("Give it a line in Rules in Core/Reconciler.cs.");
    }

    /// <summary>
    /// A state that no rule makes, such as a snapshot from elsewhere may hold: a VIP is handed over that a third node may hold from before. The rule
    /// that moves it does not look.
    /// </summary>
    [Fact]
    public void What_a_rule_decides_is_held_against_the_law_before_it_is_written()
    {
        var handedOver = Build.Serving(1, "adc-1") with { Phase = VipPhase.Releasing, Successor = new NodeName("adc-2"), Since = 1 };
        var sound = TestState.StateOf(Build.Map(Build.Nodes(3), [handedOver]));
        var broken = sound with { UnreleasedVips = sound.UnreleasedVips.Add(Build.Vip(1), new UnreleasedVip(new NodeName("adc-3"), 9)) };
        Reconciler.Reconcile(sound, TestState.AllHeard(sound, Now), Now).OfType<FleetEvent.VipsMoved>().ShouldHaveSingleItem();
        Should.Throw<InvariantBrokenException>(() => Reconciler.Reconcile(broken, TestState.AllHeard(broken, Now), Now)).Message
            .ShouldContain("adc-3");
    }
}
