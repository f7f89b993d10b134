using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests;

/// <summary>The bounds that reference.conf gives.</summary>
public static class Limits
{
    public static readonly LimitSettings Default = FleetConfig.Load(null, [], new HoconFiles(), _ => null).Value!.Coordinator.Limits;
}
