using Fleet.Coordinator.Tests.Stores.Postgres;
using Fleet.Testing.Contracts;

namespace Fleet.Coordinator.Tests.Postgres;

/// <summary>Skipped where PostgreSQL or PgBouncer is not installed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : NeedsAttribute
{
    public override string? Missing => PostgresServers.Missing;
}
