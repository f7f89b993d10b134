using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>Turns the services of a map into what this node's data plane is to carry: what changes rarely, and what changes often.</summary>
internal static class PlanMaker
{
    public static ImmutableArray<ServicePlan> Services(IEnumerable<Service> services) =>
    [
        .. services.Select(service => new ServicePlan(
            service.Name,
            service.Listeners,
            service.Vips,
            [.. service.Pool.Backends.Select(b => new BackendServer(b.Name, b.Address))],
            service.Pool.Balance,
            service.Pool.ProxyProtocol)),
    ];

    /// <param name="feedback">Per cent; a backend that is missing has 100.</param>
    /// <param name="verdictOf">The fleet's verdict, or this node's own when it is cut off.</param>
    public static ImmutableSortedDictionary<BackendKey, int> Weights(
        IEnumerable<Service> services, IReadOnlyDictionary<BackendKey, int> feedback, Func<BackendKey, Verdict> verdictOf) => services
        .SelectMany(service => Usable(service, feedback, verdictOf).Select(b => KeyValuePair.Create(new BackendKey(service.Name, b.Name), b.Weight)))
        .ToImmutableSortedDictionary();

    /// <summary>
    /// The backends that are up, with the weight that feedback leaves them. Where feedback leaves no weight to any of them, they keep their own: a
    /// connection is better served slowly than not at all. When none is up, the pool's all-down policy says whether to refuse or to try them all.
    /// </summary>
    private static ImmutableArray<Backend> Usable(Service service, IReadOnlyDictionary<BackendKey, int> feedback, Func<BackendKey, Verdict> verdictOf)
    {
        var weighted = service.Pool.Backends.Where(b => b.Weight > 0).ToImmutableArray();
        var up = weighted.Where(b => verdictOf(new BackendKey(service.Name, b.Name)) == Verdict.Up).ToImmutableArray();
        var left = up
            .Select(b => b with { Weight = Left(b.Weight, feedback.GetValueOrDefault(new BackendKey(service.Name, b.Name), 100)) })
            .Where(b => b.Weight > 0)
            .ToImmutableArray();
        if (!left.IsEmpty)
            return left;
        return up.IsEmpty && service.Pool.AllDown == AllDown.ServeAll ? weighted : up;
    }

    /// <summary>Rounded up: only 0 per cent leaves nothing.</summary>
    private static int Left(int weight, int percent) => ((weight * percent) + 99) / 100;
}
