using Fleet.Node.DataPlanes;
using Fleet.Node.DataPlanes.Haproxy.Answers;
using Fleet.Node.Tests.Contracts;
using Fleet.Node.Tests.Relay;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Haproxy;

[NeedsHaproxy]
public sealed class HaproxyPlaneTests(HaproxyWorld world) : DataPlaneTrafficContract, IClassFixture<HaproxyWorld>
{
    private ProcessTable? _suspended;

    private protected override IDataPlane Plane => world.Plane;

    protected override VipAddress Vip { get; } = RelayWorld.NewVip();

    protected override int Port => world.Port;

    protected override Listener Listener => new(world.Port, ListenerProtocol.Http);

    protected override bool BalancesRequests => true;

    /// <summary>It counts its own form of a message; see <see cref="VipTable"/>.</summary>
    protected override int BytesBesideAtMost => 11;

    public override async Task InitializeAsync()
    {
        await world.StartAsync();
        await Plane.DrainAsync([], CancellationToken.None);
        _suspended = await world.LookAsync();
    }

    /// <summary>Every address of 127.0.0.0/8 is there.</summary>
    protected override Task HoldAsync() => Task.CompletedTask;

    protected override void Suspend() => Signal("STOP");

    protected override void Resume() => Signal("CONT");

    private void Signal(string signal)
    {
        foreach (var pid in _suspended!.OldWorkers.Prepend(_suspended.Worker!.Value).Prepend(_suspended.Master))
            RelayWorld.Signal(pid, signal);
    }
}
