using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Placement.Advice;
using Fleet.Placement.Documents;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm advise</c>: how many nodes to buy, how large a VIP may be, what the present fleet lacks.</summary>
internal sealed class AdviseCommand
{
    private const long UsualApplianceBps = 88_000_000_000;
    private const int UsualDomains = 4;

    private readonly Option<long?> _target = Units.Rate(
        "--target", "What must still flow after the failure [default: all that the fleet is asked for]");
    private readonly Option<long?> _appliance = Units.Rate(
        "--appliance", "The capacity of one node [default: the fleet's median; with --target, 88Gbps]");
    private readonly Option<double?> _headroom = Units.Part(
        "--headroom", "What part of a node's usable capacity stays free even after the failure [default: 0%]", 0, 0.99);
    private readonly Option<double?> _utilisationMax = Units.Part(
        "--utilisation-max", "What part of a node may be used at all [default: the fleet's; with --target, 100%]", 0.01, 1);
    private readonly Option<int?> _domains = Units.Whole(
        "--domains", "Over how many failure domains the nodes are spread [default: the fleet's; with --target, 4]", 2, 1000);
    private readonly Option<double?> _shareMax = Units.Part(
        "--share-max", "The most of a node that one VIP may carry [default: the fleet's; with --target, 5%]", 0.001, 1);
    private readonly Option<long?> _service = Units.Rate("--service-demand", "Say instead how many VIPs a service of this demand should get");
    private readonly Option<int?> _nodes = Units.Whole(
        "--nodes", "With --service-demand and --appliance: how many nodes may have the service's VIPs", 1, Advisor.NodesMax);
    private readonly ProblemSource _source;

    private AdviseCommand(PbmCommand command)
    {
        foreach (var option in new Option[] { _target, _appliance, _headroom, _utilisationMax, _domains, _shareMax, _service, _nodes })
            command.Options.Add(option);
        _source = new ProblemSource(command);
    }

    public static PbmCommand Command(Shell shell)
    {
        var command = new PbmCommand(
            "advise",
            "How many nodes to buy for k = 1, 2, 4 and for any one domain, and what failures cost; of a fleet also what it lacks (exit code 1) or "
            + "can spare",
            "pbm advise",
            "pbm advise --target 1Tbps --appliance 88Gbps",
            "pbm advise --target 1Tbps --appliance 88Gbps --headroom 20% --domains 6",
            "pbm advise --service-demand 300Gbps");
        var advise = new AdviseCommand(command);
        return command.Does(
            shell,
            (session, cancel) =>
                session.Get(advise._service) is { } demand ? advise.ShareAsync(session, demand, cancel) : advise.SizeAsync(session, cancel));
    }

    private async Task<int> SizeAsync(Session session, CancellationToken cancel)
    {
        if (session.Get(_nodes) is not null)
            throw PbmException.Usage("--nodes belongs to --service-demand.");
        var isGiven = session.Get(_target) is not null;
        if (isGiven && _source.IsFile(session))
            throw PbmException.Usage("--target and --input both say what is asked for: give one of them.");
        var posed = isGiven ? null : await _source.ReadAsync(session, cancel);
        var wish = Wish(session, posed?.Problem);
        if (!Advisor.TrySize(wish, out var sizes, out var reason))
            throw PbmException.Usage(reason);
        var fleet = posed is null ? null : Shortfall.Find(posed.Problem, wish);
        var document = new AdviceDocument(posed?.Version, wish, sizes.Rows, fleet);
        session.Show(
            new Document<AdviceDocument>(document, JsonSerializer.SerializeToNode(document, PlacementJson.Default.AdviceDocument)!),
            AdviceRenderer.Sizes);
        return fleet is { Add: > 0 } ? ExitCode.Refused : ExitCode.Ok;
    }

    private Wish Wish(Session session, PlacementProblem? problem) => new(
        session.Get(_target) ?? problem!.Vips.Sum(vip => vip.Demand.Bps),
        session.Get(_appliance) ?? Appliance(problem),
        session.Get(_utilisationMax) ?? problem?.Protection.UtilisationMax ?? 1,
        session.Get(_headroom) ?? 0,
        session.Get(_domains) ?? problem?.Nodes.Select(node => (node.Site, node.Domain)).Distinct().Count() ?? UsualDomains,
        session.Get(_shareMax) ?? (problem?.Policy ?? PlacementPolicy.Default).ShareMax);

    private static long Appliance(PlacementProblem? problem) => problem is null
        ? UsualApplianceBps
        : Shortfall.MedianBps(problem) is > 0 and var median
            ? median
            : throw PbmException.Usage("no node of the fleet carries traffic: say with --appliance what one can.");

    private async Task<int> ShareAsync(Session session, long demand, CancellationToken cancel)
    {
        if (session.Get(_target) is not null)
            throw PbmException.Usage("--target is about nodes, --service-demand about VIPs: give one of them.");
        var posed = session.Get(_appliance) is null ? await _source.ReadAsync(session, cancel) : null;
        var carrying = posed?.Problem.Nodes.Where(node => node.State is PlanNodeState.Up or PlanNodeState.Cordoned).ToArray() ?? [];
        var smallest = session.Get(_appliance) ?? carrying.Select(node => node.Capacity.Bps).DefaultIfEmpty(0).Min();
        if (smallest == 0)
            throw PbmException.Usage("no node of the fleet carries traffic: say with --appliance what one can.");
        var share = session.Get(_shareMax) ?? (posed?.Problem.Policy ?? PlacementPolicy.Default).ShareMax;
        var nodes = session.Get(_nodes) ?? Math.Max(1, carrying.Length);
        var document = new ServiceAdviceDocument(posed?.Version, demand, smallest, share, nodes, ShareSizing.Compute(demand, smallest, share, nodes));
        session.Show(
            new Document<ServiceAdviceDocument>(document, JsonSerializer.SerializeToNode(document, PlacementJson.Default.ServiceAdviceDocument)!),
            AdviceRenderer.Service);
        return ExitCode.Ok;
    }
}
