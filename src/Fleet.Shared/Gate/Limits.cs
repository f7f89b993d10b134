using static Fleet.Shared.Gate.NumberUnit;

namespace Fleet.Shared.Gate;

/// <summary>
/// Every range that Fleet has, once: the configuration, the REST API, the link and what is read back from disk refuse the same numbers with the same
/// words.
/// </summary>
public static class Limits
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    public static readonly NumberRange Port = new(1, 65_535);
    public static readonly NumberRange Weight = new(0, 256);
    public static readonly NumberRange Vips = new(1, 10_000);

    /// <summary>JSON has a number beside the list of addresses, and 0 there means that the list counts.</summary>
    public static readonly NumberRange VipCount = Vips with { Min = 0 };

    public static readonly NumberRange Connections = new(0, 1_000_000_000);
    public static readonly NumberRange Demand = new(0, 1_000_000_000_000_000, BitsPerSecond);
    public static readonly NumberRange Capacity = new(1_000, 1_000_000_000_000_000, BitsPerSecond);

    public static readonly NumberRange CheckExpect = new(100, 599);
    public static readonly NumberRange CheckInterval = new(50, 10 * Minute, Milliseconds);
    public static readonly NumberRange CheckTimeout = new(10, Minute, Milliseconds);
    public static readonly NumberRange CheckCount = new(1, 100);
    public static readonly NumberRange FeedbackInterval = new(100, Minute, Milliseconds);
    public static readonly NumberRange FeedbackTimeout = new(10, 10 * Second, Milliseconds);
    public static readonly NumberRange DrainTimeout = new(0, Hour, Milliseconds);

    public static readonly NumberRange Ttl = new(0, 86_400, Seconds);
    public static readonly NumberRange AnswersMax = new(1, 64);
    public static readonly NumberRange HoldDown = new(0, Hour, Milliseconds);
    public static readonly NumberRange ResponsesMax = new(0, 1_000_000);
    public static readonly FractionRange QueryLog = new(0, 1);

    public static readonly NumberRange Heartbeat = new(10, 10 * Second, Milliseconds);
    public static readonly NumberRange LeaseDuration = new(30, Minute, Milliseconds);
    public static readonly NumberRange LeaseMargin = new(1, 10 * Second, Milliseconds);
    public static readonly NumberRange ProtectedNodes = new(0, 4);
    public static readonly NumberRange ProtectedDomains = new(0, 1);
    public static readonly FractionRange UtilisationMax = new(0.01, 1);
    public static readonly FractionRange ShareMax = new(0.001, 1);
    public static readonly FractionRange BalanceBand = new(0, 1);
    public static readonly NumberRange DrainMin = new(0, Minute, Milliseconds);
    public static readonly NumberRange DemandWindow = new(20 * Second, 24 * Hour, Milliseconds);
    public static readonly FractionRange DemandPercentile = new(0.5, 1);
    public static readonly FractionRange DemandMargin = new(1, 10);

    /// <summary>What only ever grows: sequence numbers, revisions, bytes. A few of them can be added up.</summary>
    public static readonly NumberRange Counter = new(0, 1_000_000_000_000_000_000);

    /// <summary>How much of a weight a feedback agent leaves, per cent; -1 takes back what it said before.</summary>
    public static readonly NumberRange Feedback = new(-1, 100);

    /// <summary>The longest list on the link: more than any fleet has.</summary>
    public const int ListMax = 100_000;
}
