using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <inheritdoc cref="EtcdFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EtcdTheoryAttribute : TheoryAttribute
{
    public EtcdTheoryAttribute()
    {
        if (EtcdCluster.Program is null)
            Skip = "etcd not found; './fleet setup' installs it.";
    }
}
