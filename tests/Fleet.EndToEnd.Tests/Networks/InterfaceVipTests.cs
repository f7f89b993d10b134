using Fleet.Node.Tests.Vips.Networks;
using Fleet.Shared.Map;
using Fleet.Testing.Contracts;

namespace Fleet.EndToEnd.Tests.Networks;

/// <summary>VIPs on the interfaces of nodes, with real processes: what carries their traffic, what a client sees, and what is left behind.</summary>
public abstract class InterfaceVipTests(string dataPlane)
{
    [ContractFact]
    public async Task Client_reaches_every_vip_and_goes_on_to_when_a_node_is_lost()
    {
        await using var fleet = new InterfaceFleet();
        var map = await fleet.StartAsync(dataPlane);
        foreach (var vip in map.Vips.Values)
            (await fleet.AskAsync(vip.Address.Value)).ShouldContain($"through {vip.Owner}");
        await fleet.KillAsync("adc-1");
        await fleet.UntilAsync(
            after => after.Vips.Values.All(vip => vip is { Phase: VipPhase.Serving, Owner.Value: "adc-2" }), "the other node to serve all VIPs");
        foreach (var vip in map.Vips.Keys)
            (await fleet.AskAsync(vip.Value)).ShouldContain("through adc-2");
        foreach (var vip in map.Vips.Values.Where(vip => vip.Owner?.Value == "adc-1"))
            Addresses(fleet, "adc-1").ShouldContain($" {vip.Address}/", Case.Sensitive, "nobody was left to take it away: the kernel hides it");

        // The last one has nobody to hand over to. It leaves nothing behind.
        await fleet.StopAsync("adc-2");
        foreach (var vip in map.Vips.Keys)
            Addresses(fleet, "adc-2").ShouldNotContain($" {vip}/");
        fleet.Network("adc-2").Run("nft", "", "list", "tables").ShouldBeEmpty();
    }

    private static string Addresses(InterfaceFleet fleet, string node) => fleet.Network(node).Run("ip", "", "-o", "addr", "show");
}

[NeedsNetwork]
[Trait(Beside.Trait, Beside.Others)]
public sealed class RelayOnInterfaceTests() : InterfaceVipTests("relay");

[NeedsHaproxyNetwork]
[Trait(Beside.Trait, Beside.Others)]
public sealed class HaproxyOnInterfaceTests() : InterfaceVipTests("haproxy");
