using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Projections.Rows;

/// <summary>The events of an entry as rows: whom each is about, and why it happened.</summary>
internal static class EventRows
{
    public static ImmutableArray<EventRow> Create(JournalEntry entry) =>
        [
            .. entry.Events.Select((happened, ordinal) => new EventRow(
                entry.Revision,
                ordinal,
                [.. Subject(happened).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Why(happened),
                happened)),
        ];

    private static IEnumerable<string> Subject(FleetEvent happened) => happened switch
    {
        FleetEvent.TermBegun e => [e.Coordinator],
        FleetEvent.ServiceApplied e => [e.Service.Name.Value],
        FleetEvent.ServiceRemoved e => [e.Service.Value],
        FleetEvent.ServiceLeftOut e => [e.Service.Value],
        FleetEvent.NodeJoined e => [e.Facts.Name.Value],
        FleetEvent.NodeReturned e => [e.Node.Value],
        FleetEvent.NodeLost e => [e.Node.Value],
        FleetEvent.NodesSuspected e => e.Nodes.Select(n => n.Value),
        FleetEvent.NodesCleared e => e.Nodes.Select(n => n.Value),
        FleetEvent.SitesHeldDown e => e.Sites.Select(s => s.Value),
        FleetEvent.SitesReleased e => e.Sites.Select(s => s.Value),
        FleetEvent.OverflowSet e => e.Kept.Keys.Select(s => s.Value),
        FleetEvent.NodeIntended e => [e.Node.Value],
        FleetEvent.NodeForgotten e => [e.Node.Value],
        FleetEvent.WitnessesNamed e => [e.Node.Value],
        FleetEvent.WitnessesConfirmed e => [e.Node.Value],
        FleetEvent.WeightsSet e => e.Weights.Keys.Select(n => n.Value),
        FleetEvent.VipsMoved e => Moves(e.Moves),
        FleetEvent.HandoversBegun e => Moves(e.Moves),
        FleetEvent.VipsServing e => Vips(e.Vips),
        FleetEvent.VipsNotServed e => Vips(e.Vips),
        FleetEvent.HandoversCalledOff e => Vips(e.Vips),
        FleetEvent.VipsReleasing e => Vips(e.Vips),
        FleetEvent.VipsUnplaced e => Vips(e.Vips),
        FleetEvent.RemovedVipsReleased e => Vips(e.Vips),
        FleetEvent.StandbysNamed e => e.Vips.Select(v => v.Vip.ToString()),
        FleetEvent.DemandMeasured e => e.Vips.Select(v => v.Vip.ToString()),
        FleetEvent.VerdictsChanged e => e.Verdicts.Keys.Select(b => b.ToString()),
        FleetEvent.FeedbackSet e => e.Percent.Keys.Select(b => b.ToString()),
        _ => [],
    };

    private static string? Why(FleetEvent happened) => happened switch
    {
        FleetEvent.NodeLost e => e.Cause,
        FleetEvent.VipsUnplaced e => e.Cause,
        FleetEvent.ServiceLeftOut e => e.Why,
        FleetEvent.ProtectionOverridden e => e.Breach,
        FleetEvent.VipsMoved e => Reasons(e.Moves),
        FleetEvent.HandoversBegun e => Reasons(e.Moves),
        _ => null,
    };

    private static IEnumerable<string> Moves(ImmutableArray<VipMove> moves) => moves.SelectMany(m => new[] { m.Vip.ToString(), m.To.Value });

    private static IEnumerable<string> Vips(ImmutableArray<VipAddress> vips) => vips.Select(v => v.ToString());

    private static string Reasons(ImmutableArray<VipMove> moves) =>
        string.Join(", ", moves.Select(m => m.Reason).Distinct().Order().Select(Kebab.Word));
}
