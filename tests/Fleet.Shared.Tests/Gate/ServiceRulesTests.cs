using Fleet.Shared.Gate;
using Fleet.Shared.Model;

namespace Fleet.Shared.Tests.Gate;

public sealed class ServiceRulesTests
{
    private static readonly Service Sound = Build.Service("web", Build.Vip(1));

    [Fact]
    public void Sound_service_has_no_mistakes() => ServiceRules.Mistakes(Sound).ShouldBeEmpty();

    [Fact]
    public void Of_a_service_with_holes_the_holes_are_said_and_nothing_else_is_looked_at()
    {
        Paths(Sound with { Pool = null! }).ShouldBe(["pool"]);
        Paths(Sound with { Listeners = default, Vips = default }).ShouldBe(["listeners", "vips"]);
        Paths(Sound with { Pool = Sound.Pool with { Backends = default, Check = null! } }).ShouldBe(["pool.backends", "pool.check"]);
    }

    private static IEnumerable<string> Paths(Service service) => ServiceRules.Mistakes(service).Select(mistake => mistake.Path);
}
