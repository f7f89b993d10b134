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

    private protected override IVipHolder Holder => _world.Vips;

    public override Task InitializeAsync() => ApplyAsync(_world);

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

    private protected override async Task<IVipHolder> RivalAsync()
    {
        await ApplyAsync(_other);
        return _other.Vips;
    }

    private Task ApplyAsync(RelayWorld world) => world.ApplyAsync(RelayWorld.PlanOf(_vips, [_backend.Backend]), _backend.Backend);
}
