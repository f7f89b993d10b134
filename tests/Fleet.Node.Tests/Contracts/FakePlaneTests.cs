using System.Net;
using Fleet.Node.DataPlanes;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Contracts;

/// <summary>What other tests use in a data plane's place is one.</summary>
public sealed class FakePlaneTests : DataPlaneContract
{
    private readonly FakePlane _plane = new();

    private protected override IDataPlane Plane => _plane;

    protected override VipAddress Vip => Build.Vip(1);

    protected override Backend One { get; } = new("one", new IPEndPoint(IPAddress.Loopback, 1));

    protected override Backend Two { get; } = new("two", new IPEndPoint(IPAddress.Loopback, 2));

    protected override Listener Listener => new(80, ListenerProtocol.Http);

    public override Task InitializeAsync() => Task.CompletedTask;

    protected override Task HoldAsync() => Task.CompletedTask;

    protected override Task<string?> AskAsync() => Task.FromResult(_plane.Pick(Vip));

    protected override void Suspend() => _plane.Answering = new TaskCompletionSource().Task;

    protected override void Resume() => _plane.Answering = Task.CompletedTask;
}
