using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>Turns a map into what this node's data plane is to carry.</summary>
public static class PlanMaker
{
    /// <param name="verdictOf">The fleet's verdict, or this node's own when it is cut off.</param>
    public static NodePlan Plan(FleetMap map, Func<BackendKey, Verdict> verdictOf) => new()
    {
        Services =
        [
            .. map.Services.Values.Select(service => new ServicePlan(
                service.Name,
                service.Listeners,
                service.Vips,
                Usable(service, map, verdictOf),
                service.Pool.Balance,
                service.Pool.ProxyProtocol)),
        ],
    };

    /// <summary>
    /// The backends that are up, with the weight that feedback leaves them. Where it leaves none to any of them, they have their own: a connection is
    /// better served slowly than not. When none is up, the pool's all-down policy says whether to refuse or to try them all.
    /// </summary>
    private static ImmutableArray<Backend> Usable(Service service, FleetMap map, Func<BackendKey, Verdict> verdictOf)
    {
        var weighted = service.Pool.Backends.Where(b => b.Weight > 0).ToImmutableArray();
        var up = weighted.Where(b => verdictOf(new BackendKey(service.Name, b.Name)) == Verdict.Up).ToImmutableArray();
        var left = up
            .Select(b => b with { Weight = Left(b.Weight, map.Feedback.GetValueOrDefault(new BackendKey(service.Name, b.Name), 100)) })
            .Where(b => b.Weight > 0)
            .ToImmutableArray();
        if (!left.IsEmpty)
            return left;
        return up.IsEmpty && service.Pool.AllDown == AllDown.ServeAll ? weighted : up;
    }

    /// <summary>Rounded up: only 0 per cent leaves nothing.</summary>
    private static int Left(int weight, int percent) => ((weight * percent) + 99) / 100;
}
