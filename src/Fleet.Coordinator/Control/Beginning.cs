using Fleet.Shared.Config;

namespace Fleet.Coordinator.Control;

/// <summary>
/// What a coordinator waits for as it starts. Where several share a store it reads the history while its code is still being compiled: see
/// <see cref="Control.WarmUp"/>. In a folder of its own there is nothing to be read before it has the lock.
/// </summary>
internal sealed record Beginning(StoreKind Store, Task WarmUp)
{
    /// <summary>Before anything is asked of the store.</summary>
    public Task BeforeFollowing => Store == StoreKind.File ? WarmUp : Task.CompletedTask;

    /// <summary>Before it may come to lead.</summary>
    public Task BeforeCampaign => WarmUp;
}
