using Fleet.Shared.Model;

namespace Fleet.Testing;

/// <summary>Policies that differ from the default in what a test is about.</summary>
public static class BuildPolicy
{
    public static FleetPolicy Protecting(int nodes, int domains = 0) => FleetPolicy.Default with { Protection = new Protection(nodes, domains, 1) };

    public static FleetPolicy WithPool(params string[] networks) => FleetPolicy.Default with { VipPool = [.. networks] };

    public static FleetPolicy MovingAllAtOnce => FleetPolicy.Default with { Placement = FleetPolicy.Default.Placement with { MovesInFlightMax = 1 } };
}
