namespace Fleet.Shared.Config;

/// <summary>`fleet.coordinator.projection`: the read model in PostgreSQL that automation reads.</summary>
public sealed record ProjectionSettings
{
    /// <summary>As Npgsql or libpq have it; null is no read model.</summary>
    public required string? Connection { get; init; }

    public required string? PasswordFile { get; init; }

    /// <summary>Traffic by the minute.</summary>
    public required TimeSpan TelemetryKeep { get; init; }

    /// <summary>Events, and what VIPs and nodes were before.</summary>
    public required TimeSpan EventsKeep { get; init; }
}
