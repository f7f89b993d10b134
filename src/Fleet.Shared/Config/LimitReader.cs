using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>`fleet.coordinator.limits`.</summary>
internal static class LimitReader
{
    const int KiB = 1024;
    const int MiB = 1024 * KiB;

    static readonly Reading<TimeSpan> Patience = Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));

    public static LimitSettings Read(ConfigReader limits)
    {
        var settings = new LimitSettings(Http(limits.Section("http")), Links(limits.Section("links")));
        limits.Close();
        return settings;
    }

    static HttpLimits Http(ConfigReader http)
    {
        var settings = new HttpLimits
        {
            ConnectionsMax = http.Value("connections-max", Whole(16, 1_000_000)),
            ConnectionsPerAddressMax = http.Value("connections-per-address-max", Whole(1, 1_000_000)),
            HeadersWithin = http.Value("headers-within", Patience),
            IdleMax = http.Value("idle-max", Patience),
            HeadersSizeMax = (int)http.Value("headers-size-max", Size(KiB, MiB)),
            HeaderCountMax = http.Value("header-count-max", Whole(16, 10_000)),
            BodySizeMax = (int)http.Value("body-size-max", Size(KiB, 64 * MiB)),
            BodiesMax = http.Value("bodies-max", Whole(1, 10_000)),
            ByteRateMin = (int)http.Value("byte-rate-min", Size(1, MiB)),
            RequestsPerSecond = http.Value("requests-per-second", Whole(1, 1_000_000)),
            RequestsBurst = http.Value("requests-burst", Whole(1, 1_000_000)),
            FollowersMax = http.Value("followers-max", Whole(1, 100_000)),
        };
        http.Close();
        return settings;
    }

    static LinkLimits Links(ConfigReader links)
    {
        var settings = new LinkLimits
        {
            CountMax = links.Value("count-max", Whole(1, 1_000_000)),
            HelloWithin = links.Value("hello-within", Patience),
            HelloSizeMax = (int)links.Value("hello-size-max", Size(KiB, MiB)),
            MessageSizeMax = (int)links.Value("message-size-max", Size(64 * KiB, 64 * MiB)),
            ReceivingMax = links.Value("receiving-max", Size(MiB, 1024L * MiB)),
            IdleMax = links.Value("idle-max", Patience),
            WriteMax = links.Value("write-max", Patience),
            QueueSizeMax = links.Value("queue-size-max", Size(MiB, 1024L * MiB)),
        };
        links.Close();
        return settings;
    }
}
