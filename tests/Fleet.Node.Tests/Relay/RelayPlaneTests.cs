using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Tests.Contracts;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

public sealed class RelayPlaneTests(RelayWorld world) : DataPlaneContract, IClassFixture<RelayWorld>
{
    protected override IDataPlane Plane => world.Plane;

    protected override VipAddress Vip { get; } = RelayWorld.NewVip();

    protected override int Port => RelayWorld.Port;

    public override Task InitializeAsync() => Plane.DrainAsync([], CancellationToken.None);

    protected override NodePlan PlanOf(IEnumerable<Backend> backends) => RelayWorld.PlanOf([Vip], backends);

    protected override async Task HoldAsync() =>
        (await world.Vips.HoldAsync([Vip], RelayWorld.In(30_000), CancellationToken.None)).ShouldBeEmpty();
}
