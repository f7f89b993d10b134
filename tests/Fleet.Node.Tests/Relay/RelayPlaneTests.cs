using Fleet.Node.DataPlanes;
using Fleet.Node.Tests.Contracts;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

public sealed class RelayPlaneTests(RelayWorld world) : DataPlaneTrafficContract, IClassFixture<RelayWorld>
{
    private protected override IDataPlane Plane => world.Plane;

    protected override VipAddress Vip { get; } = RelayWorld.NewVip();

    protected override int Port => RelayWorld.Port;

    protected override Listener Listener => new(RelayWorld.Port, ListenerProtocol.Http);

    public override Task InitializeAsync() => Plane.DrainAsync([], CancellationToken.None);

    protected override async Task HoldAsync() =>
        (await world.Vips.HoldAsync([Vip], RelayWorld.In(30_000), CancellationToken.None)).ShouldBeEmpty();

    protected override void Suspend() => RelayWorld.Signal(world.Pid, "STOP");

    protected override void Resume() => RelayWorld.Signal(world.Pid, "CONT");
}
