using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Postgres;

/// <summary>A test with a PostgreSQL of its own, or PgBouncer before it; skipped, and said so, where one of them is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (!PostgresServer.IsInstalled || !PgBouncer.IsInstalled)
            Skip = "PostgreSQL or PgBouncer not found; './fleet setup' installs them.";
    }
}
