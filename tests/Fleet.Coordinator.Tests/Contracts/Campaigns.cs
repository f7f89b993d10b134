using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Tests.Contracts;

/// <summary>For tests that ask for no more of a leadership than its term.</summary>
public static class Campaigns
{
    /// <summary>A coordinator that nobody can be sent to.</summary>
    internal static async Task<long> CampaignAsync(this IFleetStore store, string name, CancellationToken cancellation) =>
        (await store.CampaignAsync(new CoordinatorAddress(name, null, null), cancellation)).Term;
}
