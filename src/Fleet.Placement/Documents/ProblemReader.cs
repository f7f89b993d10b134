using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Fleet.Placement.Model;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;

namespace Fleet.Placement.Documents;

/// <summary>Turns a document into a problem, or reports all that is wrong with it.</summary>
internal sealed class ProblemReader(ProblemDocument document)
{
    /// <summary>
    /// The most for all VIPs or nodes together, in each dimension, some 144 Pbit/s: sums and products in plan and proof must not overflow.
    /// </summary>
    private const long SumMax = long.MaxValue / 64;

    /// <summary>Fewer than the proof can tell apart, so that a what-if may add some.</summary>
    private const int NodesMax = 50_000;

    /// <summary>More mistakes or remarks than these are of no use to anybody.</summary>
    private const int LinesMax = 50;

    private static readonly (string Word, PlanNodeState State)[] States =
        [("up", PlanNodeState.Up), ("cordoned", PlanNodeState.Cordoned), ("draining", PlanNodeState.Draining), ("down", PlanNodeState.Down)];

    private readonly List<string> _mistakes = [];
    private readonly List<string> _remarks = [];
    private readonly Dictionary<string, int> _nodeAt = new(StringComparer.Ordinal);
    private readonly Dictionary<VipAddress, int> _vipAt = [];

    public ProblemReading Read()
    {
        Strange("", document.Strange, ["protection", "placement", "nodes", "vips"]);
        var protection = Protect(document.Protection ?? new());
        var policy = Policy(document.Placement ?? new());
        if (document.Nodes is null)
            _mistakes.Add(
                "nodes is missing: a list of objects such as {\"name\": \"adc-1\", \"site\": \"dc1\", \"domain\": \"r1\", \"capacity-bps\": "
                + "88000000000, \"state\": \"up\"}.");
        if (document.Vips is null)
            _mistakes.Add(
                "vips is missing: a list of objects such as {\"address\": \"10.0.0.1\", \"service\": \"web\", \"demand-bps\": 4000000000, "
                + "\"owner\": null}.");
        // Names first, so that an owner may be a node whose own entry has a mistake.
        var nodes = (document.Nodes ?? []).Select((node, i) => Node($"nodes[{i}]", i, node)).ToArray();
        var vips = (document.Vips ?? []).Select((vip, i) => Vip($"vips[{i}]", i, vip)).ToArray();
        if (nodes.Length > NodesMax)
            _mistakes.Add($"nodes: {nodes.Length} are more than the {NodesMax} that can be planned for.");
        Sum("nodes: their capacity-bps", nodes.Sum(node => (decimal)node.Capacity.Bps));
        Sum("vips: their demand-bps", vips.Sum(vip => (decimal)vip.Demand.Bps));
        Sum("vips: their demand-cps", vips.Sum(vip => (decimal)vip.Demand.Cps));
        var problem = _mistakes.Count > 0
            ? null
            : new PlacementProblem { Protection = protection, Policy = policy, Nodes = [.. nodes], Vips = [.. vips] };
        return new ProblemReading(problem, First(_mistakes), First(_remarks));
    }

    private Protection Protect(ProtectionPart part)
    {
        Strange("protection.", part.Strange, ["nodes", "domains", "utilisation-max"]);
        return new Protection(
            (int)Number("protection.nodes", part.Nodes ?? Protection.Default.Nodes, 0, 4),
            (int)Number("protection.domains", part.Domains ?? Protection.Default.Domains, 0, 1),
            Fraction("protection.utilisation-max", part.UtilisationMax ?? Protection.Default.UtilisationMax, 0.01));
    }

    private PlacementPolicy Policy(PolicyPart part)
    {
        Strange("placement.", part.Strange, ["balance-band", "share-max"]);
        return PlacementPolicy.Default with
        {
            BalanceBand = Fraction("placement.balance-band", part.BalanceBand ?? PlacementPolicy.Default.BalanceBand, 0),
            ShareMax = Fraction("placement.share-max", part.ShareMax ?? PlacementPolicy.Default.ShareMax, 0.001),
        };
    }

    private PlanNode Node(string at, int index, NodePart? part)
    {
        if (part is null)
            _mistakes.Add($"{at} is null: a node is an object.");
        part ??= new();
        Strange($"{at}.", part.Strange, ["name", "site", "domain", "segment", "capacity-bps", "capacity-cps", "state"]);
        var name = Text($"{at}.name", part.Name);
        if (name.Length > 0 && !_nodeAt.TryAdd(name, index))
            _mistakes.Add($"{at}.name: '{name}' is the name of nodes[{_nodeAt[name]}] already.");
        return new PlanNode
        {
            Name = new NodeName(name),
            Site = new SiteName(Text($"{at}.site", part.Site)),
            Domain = new DomainName(Text($"{at}.domain", part.Domain)),
            Segment = part.Segment,
            Capacity = new Load(
                (long)Math.Floor(Number($"{at}.capacity-bps", part.CapacityBps, 0, SumMax)),
                part.CapacityCps is null ? PlanNode.Unbounded : (long)Math.Floor(Number($"{at}.capacity-cps", part.CapacityCps, 0, SumMax))),
            State = State($"{at}.state", part.State),
        };
    }

    private PlanVip Vip(string at, int index, VipPart? part)
    {
        if (part is null)
            _mistakes.Add($"{at} is null: a VIP is an object.");
        part ??= new();
        Strange($"{at}.", part.Strange, ["address", "service", "site", "segment", "demand-bps", "demand-cps", "owner", "standbys"]);
        var owner = Known($"{at}.owner", part.Owner);
        var standbys = (part.Standbys ?? []).Select((name, i) => Known($"{at}.standbys[{i}]", name ?? "null")).ToArray();
        return new PlanVip
        {
            Address = Address($"{at}.address", index, part.Address),
            Service = new ServiceName(Text($"{at}.service", part.Service)),
            Site = part.Site is null ? null : new SiteName(part.Site),
            Segment = part.Segment,
            Demand = new Load(
                (long)Math.Ceiling(Number($"{at}.demand-bps", part.DemandBps, 0, SumMax)),
                (long)Math.Ceiling(Number($"{at}.demand-cps", part.DemandCps ?? 0, 0, SumMax))),
            Owner = owner,
            Standbys = [.. standbys.OfType<NodeName>().Distinct().Where(standby => standby != owner)],
        };
    }

    private VipAddress Address(string at, int index, string? text)
    {
        if (!VipAddress.TryParse(text, out var address))
            _mistakes.Add($"{at}: {Shown(text)} is not an IP address.");
        else if (!_vipAt.TryAdd(address, index))
            _mistakes.Add($"{at}: {address} is the address of vips[{_vipAt[address]}] already.");
        else
            return address;
        return VipAddress.Parse("0.0.0.0");
    }

    private NodeName? Known(string at, string? name)
    {
        if (name is null || _nodeAt.ContainsKey(name))
            return name is null ? null : new NodeName(name);
        _mistakes.Add($"{at}: '{name}' is not a node{Nearest(name, _nodeAt.Keys)}");
        return null;
    }

    private PlanNodeState State(string at, string? word)
    {
        var found = States.Where(state => state.Word == (word ?? "up")).ToArray();
        if (found.Length == 0)
            _mistakes.Add($"{at}: '{word}' is no state; allowed are {string.Join(", ", States.Select(state => state.Word))}.");
        return found.Length == 0 ? PlanNodeState.Up : found[0].State;
    }

    private string Text(string at, string? text)
    {
        if (string.IsNullOrEmpty(text))
            _mistakes.Add($"{at} {(text is null ? "is missing" : "is empty")}: a name is needed.");
        return text ?? "";
    }

    private double Fraction(string at, double found, double min) =>
        (double)Number(at, double.IsFinite(found) ? (decimal)Math.Clamp(found, -1e9, 1e9) : -1, (decimal)min, 1);

    private decimal Number(string at, decimal? found, decimal min, decimal max)
    {
        if (found is { } number && number >= min && number <= max)
            return number;
        _mistakes.Add(found is null
            ? $"{at} is missing: a number of at least {min} is needed."
            : string.Create(CultureInfo.InvariantCulture, $"{at}: {found} is not allowed; it must be from {min} to {max}."));
        return min;
    }

    private void Sum(string of, decimal sum)
    {
        if (sum > SumMax)
            _mistakes.Add(
                string.Create(CultureInfo.InvariantCulture, $"{of} add up to {sum}, more than {SumMax}, which is more than any fleet carries."));
    }

    private void Strange(string at, Dictionary<string, JsonElement>? strange, string[] known)
    {
        foreach (var key in (strange?.Keys ?? Enumerable.Empty<string>()).Order(StringComparer.Ordinal))
            _remarks.Add($"{at}{key} means nothing here and was left aside{Nearest(key, known)}");
    }

    private static ImmutableArray<string> First(List<string> lines) =>
        lines.Count <= LinesMax ? [.. lines] : [.. lines.Take(LinesMax), $"and {lines.Count - LinesMax} more."];

    private static string Nearest(string word, IEnumerable<string> known) =>
        NearestWord.Find(word, known) is { } near ? $"; did you mean {near}?" : ".";

    private static string Shown(string? text) => text is null ? "what is missing" : $"'{text}'";
}
