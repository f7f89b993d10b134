using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Shared.Tests.Config;

/// <summary>The bounds for strangers, as they are documented.</summary>
public sealed class LimitSettingsTests
{
    /// <summary>What docs/LIMITS.md says.</summary>
    public static readonly LimitSettings Defaults = new(
        new HttpLimits
        {
            ConnectionsMax = 4096,
            ConnectionsPerAddressMax = 2048,
            HeadersWithin = TimeSpan.FromSeconds(5),
            IdleMax = TimeSpan.FromMinutes(1),
            HeadersSizeMax = 16 * 1024,
            HeaderCountMax = 64,
            BodySizeMax = 1024 * 1024,
            BodiesMax = 64,
            ByteRateMin = 240,
            RequestsPerSecond = 1000,
            RequestsBurst = 2000,
            FollowersMax = 256,
        },
        new LinkLimits
        {
            CountMax = 4096,
            HelloWithin = TimeSpan.FromSeconds(2),
            HelloSizeMax = 16 * 1024,
            MessageSizeMax = 8 * 1024 * 1024,
            ReceivingMax = 64 * 1024 * 1024,
            IdleMax = TimeSpan.FromSeconds(10),
            WriteMax = TimeSpan.FromSeconds(5),
            QueueSizeMax = 32 * 1024 * 1024,
        });

    [Theory]
    [InlineData("http.connections-max=15", "a whole number from 16 to 1000000")]
    [InlineData("http.body-size-max=100MiB", "a number of bytes from 1KiB to 64MiB, such as 512KiB")]
    [InlineData("links.hello-size-max=big", "a number of bytes from 1KiB to 1MiB, such as 512KiB")]
    [InlineData("links.idle-max=1ms", "a duration from 100ms to 1h")]
    [InlineData("http.byte-rate-min=0", "a number of bytes from 1 to 1MiB, such as 512KiB")]
    public void Bound_outside_its_range_is_refused_with_what_is_allowed(string set, string allowed)
    {
        var error = Load(set).Errors.ShouldHaveSingleItem();
        error.ToString().ShouldContain("fleet.coordinator.limits." + set.Split('=')[0]);
        error.ToString().ShouldContain(allowed);
    }

    [Fact]
    public void Bound_is_what_is_set() =>
        Load("links.queue-size-max=2MiB").Value.ShouldNotBeNull().Coordinator.Limits.Links.QueueSizeMax.ShouldBe(2 * 1024 * 1024);

    private static ConfigResult<FleetConfig> Load(string set) =>
        FleetConfig.Load(null, [$"fleet.coordinator.limits.{set}"], new HoconFiles(), _ => null);
}
