using Fleet.Demo.Servers;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>A test with several coordinators on etcd and the read model in PostgreSQL; skipped, and said so, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreFactAttribute : FactAttribute
{
    public StoreFactAttribute()
    {
        if (!IsThere)
            Skip = "etcd and PostgreSQL are needed; './fleet setup' installs them.";
    }

    public static bool IsThere => EtcdCluster.Program is not null && PostgresServer.IsInstalled;
}
