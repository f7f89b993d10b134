using Fleet.Node.Tests.Contracts;
using Fleet.Node.Vips;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

public sealed class RelayVipsTests : VipHolderContract
{
    private readonly RelayWorld _world = new();
    private readonly RelayWorld _other = new();
    private readonly TestBackend _backend = new("one");
    private readonly VipAddress[] _vips = [RelayWorld.NewVip(), RelayWorld.NewVip(), RelayWorld.NewVip()];

    protected override IVipHolder Holder => _world.Vips;

    protected override IVipHolder Rival => _other.Vips;

    public override async Task InitializeAsync()
    {
        var plan = RelayWorld.PlanOf(_vips, [_backend.Backend]);
        await _world.Plane.ApplyAsync(plan, CancellationToken.None);
        await _other.Plane.ApplyAsync(plan, CancellationToken.None);
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _other.DisposeAsync();
        await _backend.DisposeAsync();
    }

    protected override VipAddress Vip(int number) => _vips[number];

    protected override async Task<bool> AnswersAsync(VipAddress vip) => await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port) is not null;

    protected override Task LoseAgentAsync() => _world.LoseAgentAsync();

    protected override void Suspend() => RelayWorld.Signal(_world.Pid, "STOP");

    protected override void Resume() => RelayWorld.Signal(_world.Pid, "CONT");
}
