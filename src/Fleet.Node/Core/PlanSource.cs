using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// Which part of a map goes into the plan: all services except those that ask for more than the data plane can do. It is worked out again only when
/// something it depends on has changed.
/// </summary>
internal sealed class PlanSource(DataPlaneCapabilities capabilities)
{
    private ImmutableArray<Service> _services = [];
    private object? _sifted;
    private object? _planned;

    public ImmutableArray<LeftOut> LeftOut { get; private set; } = [];

    public bool IsLeftOut(ServiceName service) => LeftOut.Any(left => left.Service == service);

    public void Tell(PlanProgress plan, FleetMap map, CheckAssignment checks)
    {
        var key = (map.Services, map.Feedback, checks.VerdictsKey(map));
        if (key.Equals(_planned))
            return;
        _planned = key;
        if (!ReferenceEquals(map.Services, _sifted))
        {
            _sifted = map.Services;
            LeftOut = [.. map.Services.Values.Select(capabilities.Lacks).OfType<LeftOut>()];
            _services = [.. map.Services.Values.Where(service => !IsLeftOut(service.Name))];
        }

        plan.Want(PlanMaker.Services(_services), PlanMaker.Weights(_services, map.Feedback, key => checks.VerdictOf(map, key)));
    }
}
