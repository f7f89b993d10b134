using System.Net;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Model;
using Fleet.Testing.Contracts;
using static Fleet.Node.Tests.Haproxy.Plans;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>HAProxy itself reads what was rendered (<c>haproxy -c</c>) and finds nothing wrong with it.</summary>
[NeedsHaproxy]
public sealed class HaproxyGrammarTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hap-grammar 'x' #-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ContractTheory]
    [InlineData("")]
    [InlineData("web\n    server evil 6.6.6.6:80\nnonsense")]
    [InlineData("web' # \" \\ ${HOME} %[env(PATH)] %ci")]
    public async Task It_takes_every_kind_of_service_whatever_people_call_it(string name)
    {
        var services =
            from protocol in Enum.GetValues<ListenerProtocol>()
            from balance in Enum.GetValues<BalancePolicy>()
            from proxied in new[] { false, true }
            let number = 1 + ((int)protocol * 6) + ((int)balance * 2) + (proxied ? 1 : 0)
            select new ServicePlan(
                new ServiceName($"{name}{number}"),
                [new Listener(80, protocol), new Listener(81, ListenerProtocol.Http)],
                [Vip($"10.1.0.{number}"), Vip($"2001:db8::{number}")],
                [new BackendServer(name + "1", IPEndPoint.Parse("10.2.0.1:80")), new BackendServer(name + "2", IPEndPoint.Parse("[2001:db8::5]:81"))],
                balance,
                proxied);
        var options = new RenderOptions { SocketPath = Path.Combine(_folder, "haproxy.sock"), Node = name, Interface = "vlan 7" };
        var plan = Plan(1, services);
        await ShouldBeTakenAsync(LayoutMaker.Next(null, plan, States(plan), options) with { Draining = [Vip("10.1.0.1")] }, options);
        await ShouldBeTakenAsync(HaproxyLayout.Empty, options);
    }

    private async Task ShouldBeTakenAsync(HaproxyLayout layout, RenderOptions options)
    {
        var files = new HaproxyFiles(_folder);
        var process = new HaproxyProcess(new HaproxyOptions { Folder = _folder, Rendering = options }, files, TimeProvider.System);
        (await process.MistakesAsync(files.Write(layout, HaproxyConfig.Render(layout, options)), CancellationToken.None)).ShouldBeNull();
    }
}
