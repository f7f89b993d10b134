using Fleet.Testing.Contracts;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>Skipped where etcd is not installed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsEtcdAttribute : NeedsAttribute
{
    public override string? Missing => EtcdServers.Missing;
}
