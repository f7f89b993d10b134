using System.Diagnostics;
using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Shared.Api;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Commands;

/// <summary>Answers commands with events or a refusal; changes nothing itself.</summary>
internal static class Decider
{
    public static Decision Decide(FleetState state, Observed observed, Command command, Instant now) => command switch
    {
        Command.ApplyService c => ServiceDecider.Apply(state.Map, c.Service),
        Command.RemoveService c => state.Map.Services.ContainsKey(c.Service) || state.LeftOut.ContainsKey(c.Service)
            ? Decision.Accept($"Service {c.Service} is removed.", new FleetEvent.ServiceRemoved(c.Service))
            : Unknown(Texts.Label, c.Service.Value, $"There is no service {c.Service}."),
        Command.Intend c => Intend(state, observed, c),
        Command.DeclareDown c => DeclareDown(state, observed, c.Node, now),
        Command.SetPolicy c => SamePolicy(state.Map.Policy, c.Policy)
            ? Decision.Accept("The policy is so already.")
            : Decision.Accept("The policy is set.", new FleetEvent.PolicySet(c.Policy)),
        _ => throw new UnreachableException($"No decision for {command.GetType().Name}."),
    };

    private static Decision NoNode(FleetMap map, NodeName name) => Unknown(
        Texts.Name, name.Value, $"There is no node {name}; the fleet has {(map.Nodes.IsEmpty ? "none" : string.Join(", ", map.Nodes.Keys))}.");

    /// <summary>Text that could not even be a name is refused as such.</summary>
    private static Decision Unknown(TextRule rule, string name, string reason) => rule.Has(name)
        ? Decision.Refuse(RefusalKind.NotFound, reason)
        : Decision.Refuse(RefusalKind.Invalid, $"The path: {new Mistake("name", Mistake.Quote(name), rule.Allowed)}.");

    private static Decision Intend(FleetState state, Observed observed, Command.Intend command)
    {
        var (name, intent) = command;
        if (!state.Map.Nodes.TryGetValue(name, out var node))
            return NoNode(state.Map, name);
        var losses = observed.Node(name).Losses;
        if (intent == NodeIntent.Active && FlapDamping.IsHeldAgainst(observed.Node(name)))
        {
            var forgiven = losses > 1 ? $"the {losses} times it was lost are forgiven" : "that it could not hold VIPs is forgiven";
            return Decision.Accept($"Node {name} is {Words.Describe(intent)}; {forgiven}.", new FleetEvent.NodeIntended(name, intent));
        }
        if (node.Intent == intent)
            return Decision.Accept($"Node {name} is {Words.Describe(intent)} already.");
        var handsOver = intent is NodeIntent.Draining or NodeIntent.Leaving;
        var hasVips = !state.Vips.OwnedBy(name).IsEmpty;
        if (handsOver && hasVips && node.Presence == NodePresence.Up && !state.Map.Nodes.Values.Any(n => n.Name != name && observed.TakesVips(n)))
            return Decision.Refuse(
                RefusalKind.Conflict, $"Node {name} has VIPs and no other node could take them: add a node, or undrain one, first.");
        return Decision.Accept($"Node {name} is {Words.Describe(intent)}.", new FleetEvent.NodeIntended(name, intent));
    }

    private static Decision DeclareDown(FleetState state, Observed observed, NodeName name, Instant now)
    {
        if (!state.Map.Nodes.TryGetValue(name, out var node))
            return NoNode(state.Map, name);
        if (node.Presence == NodePresence.Down)
            return Decision.Accept($"Node {name} is down already.");
        var seen = observed.Node(name);
        return LivenessRule.IsOverdue(seen, state.LongestLease, now)
            ? Decision.Accept($"Node {name} is declared down; its VIPs move.", new FleetEvent.NodeLost(name, "declared down by an operator"))
            : Decision.Refuse(
                RefusalKind.Conflict,
                $"Node {name} was heard {(now - seen.LastHeard).TotalMilliseconds:0} ms ago: it may be serving. Drain it, or stop it first.");
    }

    /// <summary>By text: records that hold lists have no equality of their own.</summary>
    private static bool SamePolicy(FleetPolicy left, FleetPolicy right) => Text(left) == Text(right);

    private static string Text(FleetPolicy policy) => JsonSerializer.Serialize(policy, ApiJson.Default.FleetPolicy);
}
