using System.Net;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Shared.Model;
using Fleet.Testing.Wan;

namespace Fleet.EndToEnd.Tests.Wan;

/// <summary>
/// A node whose link is cut in one direction: what it is given it cannot know of, or cannot say that it has. Such VIPs are served elsewhere within a
/// second.
/// </summary>
public sealed class DeafNodeTests
{
    private const string Cut = "adc-2";
    private const string Doomed = "adc-3";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LossBound = TimeSpan.FromMilliseconds(600);

    [Fact]
    public Task What_a_deaf_node_is_given_is_served_elsewhere() => CutAsync(link => link.FromTarget);

    [Fact]
    public Task What_a_mute_node_is_given_is_served_elsewhere() => CutAsync(link => link.ToTarget);

    private static async Task CutAsync(Func<TcpProxy, Way> direction)
    {
        using var wires = new WanWires();
        await using var fleet = await LivingFleet.StartAsync(5, wires);
        var way = direction(wires.LinkOf(Cut));
        var cut = fleet.Clock.Now;
        way.Cut();
        await NewVipsAreServedAsync(fleet);

        var kill = await NodeKill.OfAsync(fleet, Doomed, LossBound + Bound);
        kill.OutageMs.ShouldBeLessThanOrEqualTo((LossBound + Bound).TotalMilliseconds, kill.Story);
        fleet.LongestOutage(fleet.Formed.Vips.Keys.Where(v => fleet.Formed.Vips[v].Owner != NodeName.Parse(Doomed)), cut, fleet.Clock.Now)
            .TotalMilliseconds.ShouldBeLessThanOrEqualTo(Bound.TotalMilliseconds, $"since the cut; {kill.Story}");

        way.Heal();
        await fleet.SettledAsync(4);
        fleet.DualOwner().ShouldBe(TimeSpan.Zero);
    }

    /// <summary>
    /// Eight new VIPs, of which the cut node would get its share: counted from the first that is served, because backends are checked before any is.
    /// </summary>
    private static async Task NewVipsAreServedAsync(LivingFleet fleet)
    {
        var known = fleet.Formed.Services.Values.Single();
        var some = fleet.Formed.Vips.Keys.First().Value.GetAddressBytes();
        var vips = Enumerable.Range(101, 8).Select(i => new IPAddress([some[0], some[1], some[2], (byte)i])).ToArray();
        using var stop = new CancellationTokenSource();
        var probes = new VipProbes([.. vips.Select(v => new IPEndPoint(v, FleetNetwork.ServicePort))], fleet.Clock);
        var probing = probes.RunAsync(stop.Token);
        var answer = await fleet.Api.PutAsync(
            known with { Name = ServiceName.Parse("late"), DemandBps = 1_000_000, Vips = [.. vips.Select(v => new VipAddress(v))] },
            CancellationToken.None);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        var asked = fleet.Clock.Now;
        bool Any(IPAddress vip) => probes.Samples(vip).Any(s => s.IsOk);
        await UntilAsync(() => vips.Any(Any), LivingFleet.Patience);
        await UntilAsync(() => vips.All(Any), Bound + TimeSpan.FromMilliseconds(500));
        await stop.CancelAsync();
        await probing;

        var served = vips
            .Select(v => probes.Samples(v).Where(s => s.IsOk).Select(s => (s.Done - asked).TotalMilliseconds).FirstOrDefault(double.PositiveInfinity))
            .ToArray();
        (served.Max() - served.Min()).ShouldBeLessThanOrEqualTo(
            Bound.TotalMilliseconds, $"each served {string.Join(", ", served)} ms after it was asked for\n{fleet.Logs()}");
        (await fleet.Api.RemoveServiceAsync("late", CancellationToken.None)).EnsureSuccessStatusCode();
    }

    private static async Task UntilAsync(Func<bool> isSo, TimeSpan patience)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !isSo() && TimeProvider.System.GetElapsedTime(begun) < patience;)
            await Task.Delay(20);
    }
}
