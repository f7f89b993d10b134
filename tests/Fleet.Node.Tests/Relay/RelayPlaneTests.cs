using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Tests.Contracts;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

public sealed class RelayPlaneTests : DataPlaneContract
{
    private readonly RelayWorld _world = new();

    protected override IDataPlane Plane => _world.Plane;

    protected override VipAddress Vip { get; } = RelayWorld.NewVip();

    protected override int Port => RelayWorld.Port;

    public override Task InitializeAsync() => Task.CompletedTask;

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override NodePlan PlanOf(IEnumerable<Backend> backends) => RelayWorld.PlanOf([Vip], backends);

    protected override async Task HoldAsync() =>
        (await _world.Vips.HoldAsync([Vip], RelayWorld.In(30_000), CancellationToken.None)).ShouldBeEmpty();
}
