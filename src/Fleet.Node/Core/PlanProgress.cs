using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// What the data plane is to carry, what it has said that it carries, and when it is told again. It is told one plan at a time; a newer plan replaces
/// one that waits. Only what the data plane says counts: after a failure it may carry the old plan, the new one or a part of either.
/// </summary>
internal sealed class PlanProgress
{
    private readonly Attempts _attempts = new();
    private NodePlan? _plan;
    private BackendStates _backends = BackendStates.None;
    private (NodePlan Plan, BackendStates Backends, bool IsWhole)? _asked;

    /// <summary>What the data plane last said that it carries; null where that is not known.</summary>
    private PlanGeneration? _carried;

    /// <summary>The plan that the data plane carries; null where it has to be told the whole plan.</summary>
    private PlanGeneration? _carriedPlan;

    /// <summary>The VIPs that have the same service in every plan that the data plane may be carrying, with that service.</summary>
    private Dictionary<VipAddress, ServiceName> _sure = [];

    /// <summary>A different object whenever the VIPs that are sure may have changed.</summary>
    public object Sure => _sure;

    /// <summary>Why it does not carry what it should; null while nothing has failed.</summary>
    public string? Failure { get; private set; }

    /// <summary>The data plane has said that it carries everything that is wanted.</summary>
    public bool IsCarried => _plan is not null && _asked is null && _carried == _backends.Generation;

    /// <summary>The data plane has been told something and has not answered.</summary>
    public bool IsAsked => _asked is not null;

    /// <summary>What it carries now, so far as anybody knows.</summary>
    public PlanGeneration? Carried => _asked is null ? _carried : null;

    /// <summary>When there is something to tell the data plane.</summary>
    public Instant Due => _plan is null || IsCarried ? Instant.Forever : _attempts.Due;

    /// <summary>
    /// An unchanged plan is not sent again. Changed services may be what mends a failure, so they do not wait; changed states of the same services
    /// do.
    /// </summary>
    public void Want(ImmutableArray<ServicePlan> services, ImmutableSortedDictionary<BackendKey, int> weights)
    {
        var isSame = _plan is not null
            && _plan.Services.Length == services.Length
            && _plan.Services.Zip(services).All(pair => pair.First.IsSameAs(pair.Second));
        if (isSame && weights.SequenceEqual(_backends.Weights))
            return;
        var generation = _backends.Generation.Next();
        if (!isSame)
        {
            _plan = new NodePlan { Generation = generation, Services = services };
            _attempts.Hurry();
        }

        _backends = new BackendStates { Generation = generation, Plan = _plan!.Generation, Weights = weights };
    }

    /// <summary>
    /// What the data plane is to be told now; null when that is nothing. It is told the whole plan if the services have changed or anything has
    /// failed, otherwise only the states.
    /// </summary>
    public NodeEffect? Next(Instant now)
    {
        if (Due > now || _plan is not { } plan)
            return null;
        var isWhole = _carriedPlan != plan.Generation;
        _asked = (plan, _backends, isWhole);
        _attempts.Begin();
        if (!isWhole)
            return new NodeEffect.ApplyBackends(_backends);
        var next = VipsOf(plan);
        _sure = _sure.Where(pair => next.TryGetValue(pair.Key, out var service) && service == pair.Value).ToDictionary();
        return new NodeEffect.ApplyServices(plan, _backends);
    }

    /// <summary>The data plane has answered: what it carries, or why the apply failed.</summary>
    public void Hear(NodeInput.Applied answer, Instant now)
    {
        if (_asked is not { } was || was.Backends.Generation != answer.Asked)
            return;
        _asked = null;
        _carried = answer.Carried;
        Failure = answer.Failure;
        if (Failure is null)
        {
            if (was.IsWhole)
                _sure = VipsOf(was.Plan);
            _carriedPlan = was.Plan.Generation;
            _attempts.Succeed();
            return;
        }

        _carriedPlan = null;
        _attempts.Fail(now);
        if (was.Plan.Generation != _plan!.Generation)
            _attempts.Hurry(); // What became of older services says nothing about the newest.
    }

    /// <summary>
    /// The data plane was read while no apply was under way, and carries something other than it said. It is told the whole plan again.
    /// </summary>
    public void Lose()
    {
        (_carried, _carriedPlan) = (null, null);
        _sure = [];
    }

    /// <summary>Whatever the data plane carries, that VIP belongs to that service.</summary>
    public bool IsSure(VipAddress vip, ServiceName service) => _sure.TryGetValue(vip, out var carried) && carried == service;

    /// <summary>Where two services have the same VIP, the first gets it, as in every data plane.</summary>
    private static Dictionary<VipAddress, ServiceName> VipsOf(NodePlan plan)
    {
        var vips = new Dictionary<VipAddress, ServiceName>();
        foreach (var service in plan.Services)
        {
            foreach (var vip in service.Vips)
                vips.TryAdd(vip, service.Name);
        }

        return vips;
    }
}
