using System.Collections.Immutable;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;

namespace Fleet.Shared.Map;

/// <summary>A service that is left out of a map, and why.</summary>
public sealed record LeftOut(ServiceName Service, string Why)
{
    public override string ToString() => $"service {Gate.Mistake.Quote(Service.Value)}: {Why}";
}

/// <summary>Which parts of a map can be carried, however it came.</summary>
public static class MapRules
{
    /// <summary>Null where the service can be carried.</summary>
    public static LeftOut? Mistakes(Service service) =>
        ServiceRules.Mistakes(service) is { IsEmpty: false } mistakes ? new LeftOut(service.Name, Mistake.Brief(mistakes)) : null;

    public static ImmutableArray<LeftOut> Mistakes(IEnumerable<Service> services) => [.. services.Select(Mistakes).OfType<LeftOut>()];

    /// <summary>Why a map with that policy cannot be carried at all; null where it can.</summary>
    public static string? Unusable(FleetPolicy policy) =>
        PolicyRules.Mistakes(policy) is { IsEmpty: false } mistakes ? Mistake.Brief([.. mistakes.Select(mistake => mistake.Below("policy"))]) : null;
}
