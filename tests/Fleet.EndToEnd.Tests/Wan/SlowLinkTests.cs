namespace Fleet.EndToEnd.Tests.Wan;

/// <summary>
/// A node dies in a fleet whose members are far from the coordinator and from one another: the outage grows by round trips, and by nothing else. One
/// fleet for all delays; FLEET_ROUNDS=5 kills five nodes for each.
/// </summary>
public sealed class SlowLinkTests(SlowLinkTests.FiveNodes fleet) : IClassFixture<SlowLinkTests.FiveNodes>
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(100)]
    public async Task Killed_node_is_replaced_within_600_ms_and_two_round_trips(int oneWayMs)
    {
        var bound = TimeSpan.FromMilliseconds(600 + (4 * oneWayMs));
        fleet.Wires.Delay = TimeSpan.FromMilliseconds(oneWayMs);
        await Task.Delay(TimeSpan.FromSeconds(1));
        for (var round = 1; round <= NodeKill.Rounds; round++)
            await NodeKill.OldestIsReplacedAsync(fleet.Living, bound, $"{oneWayMs} ms each way, round {round}");

        fleet.Living.DualOwner().ShouldBe(TimeSpan.Zero);
    }

    /// <summary>Five nodes with long wires.</summary>
    public sealed class FiveNodes : IAsyncLifetime
    {
        public WanWires Wires { get; } = new();

        public LivingFleet Living { get; private set; } = null!;

        public async Task InitializeAsync() => Living = await LivingFleet.StartAsync(5, Wires);

        public async Task DisposeAsync()
        {
            await Living.DisposeAsync();
            Wires.Dispose();
        }
    }
}
