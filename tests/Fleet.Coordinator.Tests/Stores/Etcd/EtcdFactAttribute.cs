using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>A test that starts an etcd of its own, because it hurts it; skipped, and said so, where etcd is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EtcdFactAttribute : FactAttribute
{
    public EtcdFactAttribute()
    {
        if (EtcdCluster.Program is null)
            Skip = "etcd not found; './fleet setup' installs it.";
    }
}
