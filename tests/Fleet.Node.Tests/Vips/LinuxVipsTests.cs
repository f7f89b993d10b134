using System.Net;
using Fleet.Node.Tests.Contracts;
using Fleet.Node.Tests.Vips.Networks;
using Fleet.Node.Vips;
using Fleet.Node.Vips.Linux;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Vips;

[NeedsNetwork]
public sealed class LinuxVipsIpv4Tests : LinuxVipsTests
{
    protected override bool IsV6 => false;
}

[NeedsNetwork]
public sealed class LinuxVipsIpv6Tests : LinuxVipsTests
{
    protected override bool IsV6 => true;
}

/// <summary>The contract, on a switch with two nodes and a client. A request is one to a server of the node that has the VIP.</summary>
public abstract class LinuxVipsTests : VipHolderContract
{
    private Lan _lan = null!;
    private LinuxVips _vips = null!;
    private LinuxVips? _rival;
    private Answerer[] _servers = [];
    private TimeSpan _patience = TimeSpan.FromSeconds(1);

    protected abstract bool IsV6 { get; }

    private protected override IVipHolder Holder => _vips;

    public override Task InitializeAsync()
    {
        _lan = new Lan();
        _vips = Lan.Open(_lan.NodeA);
        _servers = [new Answerer(_lan.NodeA, IPAddress.IPv6Any), new Answerer(_lan.NodeB, IPAddress.IPv6Any)];
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        await _vips.DisposeAsync();
        if (_rival is not null)
            await _rival.DisposeAsync();
        _lan.Dispose();
    }

    protected override VipAddress Vip(int number) => Lan.Vip(IsV6, number);

    protected override Task<bool> AnswersAsync(VipAddress vip) => Answerer.AsksAsync(_lan.Client, vip, _patience);

    protected override Task LoseAgentAsync() => _vips.DisposeAsync().AsTask();

    protected override void Suspend()
    {
        _patience = TimeSpan.FromSeconds(5);
        _servers[0].Suspend();
    }

    protected override void Resume() => _servers[0].Resume();

    private protected override Task<IVipHolder> RivalAsync() => Task.FromResult<IVipHolder>(_rival = Lan.Open(_lan.NodeB));
}
