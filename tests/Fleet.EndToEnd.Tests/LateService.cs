using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests;

/// <summary>A change that somebody asks for while the fleet runs: a service with one VIP in the fleet's network.</summary>
internal static class LateService
{
    /// <summary>Returns when it has been acknowledged, and its VIP is served.</summary>
    public static async Task<FleetMap> ApplyAsync(LivingFleet fleet, string name, byte host)
    {
        var octets = fleet.Formed.Vips.Keys.First().Value.GetAddressBytes();
        octets[3] = host;
        var vip = new VipAddress(new System.Net.IPAddress(octets));
        var web = fleet.Formed.Services.Values.First();
        using var answer = await fleet.Api.PutAsync(
            web with { Name = new ServiceName(name), Vips = [vip], DemandBps = 0, Gslb = web.Gslb with { Name = null } }, CancellationToken.None);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return await fleet.UntilAsync(map => map.Vips.TryGetValue(vip, out var entry) && entry.Phase == VipPhase.Serving, $"{name} to be served");
    }
}
