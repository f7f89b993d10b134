namespace Fleet.Coordinator.Core;

/// <summary>Where a command comes from, and with that who waits for its answer.</summary>
internal abstract record RequestOrigin
{
    private RequestOrigin()
    {
    }

    /// <summary>The configuration, at the beginning of a term: it is never refused for the protection's sake, and nobody waits.</summary>
    public static RequestOrigin Configuration { get; } = new FromConfiguration();

    public sealed record FromConfiguration : RequestOrigin;

    /// <summary>A caller who waits under that number, which comes with the answer.</summary>
    public sealed record Caller(long Number) : RequestOrigin;
}
