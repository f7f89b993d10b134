using Fleet.Demo.Servers;

namespace Fleet.EndToEnd.Tests;

/// <summary>A test with etcd and PostgreSQL; skipped, and said so, where one of them is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServersFactAttribute : FactAttribute
{
    public ServersFactAttribute()
    {
        if (EtcdCluster.Program is null || !PostgresServer.IsInstalled)
            Skip = "etcd or PostgreSQL not found; './fleet setup' installs them.";
    }
}
