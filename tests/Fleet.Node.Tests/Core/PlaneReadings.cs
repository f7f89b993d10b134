using System.Collections.Immutable;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

internal static class PlaneReadings
{
    public static readonly ImmutableSortedDictionary<VipAddress, VipCounters> NoCounters = ImmutableSortedDictionary<VipAddress, VipCounters>.Empty;
}
