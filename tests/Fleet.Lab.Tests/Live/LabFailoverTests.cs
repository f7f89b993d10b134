using System.Diagnostics;
using System.Net;
using Fleet.Lab.Failures;
using Fleet.Lab.Labs;
using Fleet.Lab.Topology;
using Fleet.Testing.Contracts;

namespace Fleet.Lab.Tests.Live;

/// <summary>Real agents hold real VIPs on the links of a lab, and clients ask them through its switches.</summary>
[NeedsLab]
[Collection(LiveLabs.Name)]
public sealed class LabFailoverTests : IAsyncLifetime
{
    /// <summary>What half a second is on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan OutageMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AttemptMax = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private NetworkLab _lab = null!;

    public async Task InitializeAsync()
    {
        if (NeedsLabAttribute.Reason is not null)
            return;
        _lab = await LiveLab.UpAsync(
            Examples.OneSite,
            new LabWishes(),
            new ExampleSize(1, 3, 1, 1),
            topology => topology with { VipsPerSite = 6, Vips6PerSite = 3 });
        (await LabApi.ServedAsync(_lab, Patience, CancellationToken.None)).ShouldBe(9);
    }

    public async Task DisposeAsync()
    {
        if (_lab is not null)
            await _lab.DisposeAsync();
    }

    [ContractFact]
    public async Task Every_vip_of_either_family_is_served_to_clients_by_a_node()
    {
        using var api = LabApi.Open(_lab);
        var map = await api.MapAsync(CancellationToken.None);
        string[] nodes = [.. _lab.Topology.Of(HostKind.Node).Select(node => node.Name)];
        foreach (var vip in map.Vips.Keys)
        {
            // A machine that is busy loses a lease now and then, and the VIP is served by another.
            await LiveLab.UntilAsync(async () => await NodeOfAsync(vip.Value) is { } node && nodes.Contains(node), $"{vip}");
        }
    }

    [ContractTheory]
    [InlineData("Kill")]
    [InlineData("PowerOff")]
    [InlineData("LinkDown")]
    [InlineData("ServiceDown")]
    [InlineData("Stop")]
    public async Task Vips_of_a_node_that_is_lost_are_back_in_time_and_the_node_comes_back_when_it_is_healed(string kind)
    {
        var (vip, node) = await VipAsync();
        await FailureRun.FailAsync(_lab, new Failure(Enum.Parse<FailureKind>(kind), node) { Shape = WireShape.Clear }, CancellationToken.None);
        var since = Stopwatch.GetTimestamp();
        while (!await IsServedByAnotherAsync(vip, node))
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(OutageMax, $"{vip} after {kind}");
            await Task.Delay(Pause);
        }

        await FailureRun.HealAsync(_lab, node, CancellationToken.None);
        // Nothing is served by all nodes before this one is up again.
        await LabApi.ServedAsync(_lab, Patience, CancellationToken.None);
    }

    [ContractFact]
    public async Task Node_whose_control_line_is_cut_goes_on_serving_what_nobody_else_has_taken()
    {
        var (vip, node) = await VipAsync();
        await FailureRun.FailAsync(_lab, new Failure(FailureKind.ControlDown, node) { Shape = WireShape.Clear }, CancellationToken.None);
        var since = Stopwatch.GetTimestamp();
        var last = since;
        while (Stopwatch.GetElapsedTime(since) < OutageMax)
        {
            using var answer = await AskAsync(vip);
            if (answer is not null)
                last = Stopwatch.GetTimestamp();
            Stopwatch.GetElapsedTime(last).ShouldBeLessThan(OutageMax);
            await Task.Delay(Pause);
        }
    }

    /// <summary>A VIP and its owner. It is not said which node: one that came late may have none yet.</summary>
    private async Task<(IPAddress Vip, string Node)> VipAsync()
    {
        using var api = LabApi.Open(_lab);
        var (vip, entry) = (await api.MapAsync(CancellationToken.None)).Vips.First(each => each.Value.Owner is not null);
        return (vip.Value, entry.Owner!.Value.Value);
    }

    private async Task<bool> IsServedByAnotherAsync(IPAddress vip, string node)
    {
        var now = await NodeOfAsync(vip);
        return now is not null && now != node;
    }

    /// <summary>Through whom a VIP is served; null while it is not.</summary>
    private async Task<string?> NodeOfAsync(IPAddress vip)
    {
        using var answer = await AskAsync(vip);
        return answer is { IsSuccessStatusCode: true } ? answer.Headers.GetValues("Fleet-Node").Single() : null;
    }

    /// <summary>One request on a connection of its own; null when it was not answered.</summary>
    private async Task<HttpResponseMessage?> AskAsync(IPAddress vip)
    {
        using var http = _lab.HttpFrom("client-1", AttemptMax);
        try
        {
            return await http.GetAsync(new Uri($"http://{new IPEndPoint(vip, AddressPlan.ServicePort)}/"));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
