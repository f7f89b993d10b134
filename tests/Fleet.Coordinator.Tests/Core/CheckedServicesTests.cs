using System.Collections.Immutable;
using Fleet.Coordinator.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Core;

/// <summary>What is found out entry by entry is what one finds who looks at everything, and costs what has changed.</summary>
public sealed class CheckedServicesTests
{
    private static readonly ImmutableSortedDictionary<ServiceName, Service> Hundred =
        Enumerable.Range(0, 100).Select(i => Build.Service($"s{i}", Build.Vip(i + 1))).ToImmutableSortedDictionary(s => s.Name, s => s);

    private static Service Bad(string name) => Build.Service(name, Build.Vip(1)) with { DrainTimeoutMs = -1 };

    [Fact]
    public void Only_services_that_have_changed_are_held_against_the_rules_again()
    {
        var known = CheckedServices.None.Follow(Hundred);
        known.Checks.ShouldBe(100);
        known.Follow(Hundred).Checks.ShouldBe(100);
        var applied = Build.Service("s7", Build.Vip(200));
        known = known.Follow(Hundred.SetItem(applied.Name, applied).Remove(new ServiceName("s8")));
        known.Checks.ShouldBe(101);
        known.Mistakes.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_found_stays_until_the_service_is_applied_anew_or_gone()
    {
        var (one, two) = (new ServiceName("s1"), new ServiceName("s2"));
        var services = Hundred.SetItem(one, Bad("s1")).SetItem(two, Bad("s2"));
        var known = CheckedServices.None.Follow(services);
        known.Mistakes.Select(left => left.Service).ShouldBe([one, two]);
        services = services.SetItem(new ServiceName("s3"), Build.Service("s3", Build.Vip(300)));
        known.Follow(services).Mistakes.ShouldBe(MapRules.Mistakes(services.Values));
        known.Follow(services.SetItem(one, Hundred[one])).Mistakes.Select(left => left.Service).ShouldBe([two]);
        known.Follow(services.Remove(two)).Mistakes.Select(left => left.Service).ShouldBe([one]);
    }
}
