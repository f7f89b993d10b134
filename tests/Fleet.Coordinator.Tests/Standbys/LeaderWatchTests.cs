using System.Net;
using System.Net.WebSockets;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Control;
using Fleet.Coordinator.Tests.Stores;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>Whose pulses count: those of the term that the store names.</summary>
public sealed class LeaderWatchTests : IDisposable
{
    private static readonly CoordinatorAddress Own = CoordinatorAddress.At("c2", IPEndPoint.Parse("10.0.0.2:7400"));
    private static readonly TermHolder Leader = new(2, CoordinatorAddress.At("c1", IPEndPoint.Parse("10.0.0.1:7400")));

    private readonly OneScheduler _scheduler = new();
    private readonly FakeTime _time = new();
    private readonly CancellationTokenSource _end = new();

    public void Dispose() => _end.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Pulse_of_another_term_than_the_store_names_proves_nothing(long term, bool proves)
    {
        var wire = new Wire(new StoppableTime(_time));
        var watch = new LeaderWatch(new Named(), Own, wire, () => 7, new MonotonicClock(_time), NullLogger<LeaderWatch>.Instance);
        var running = _scheduler.Do(() => watch.RunAsync(_end.Token));
        var pulse = new LeaderPulse(term, 7, 0, null).ToJson();
        var saying = _scheduler.Do(() => wire.Far.ShouldNotBeNull()
            .SendAsync(pulse.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).AsTask());
        saying.IsCompletedSuccessfully.ShouldBeTrue();
        (watch.Proof is not null).ShouldBe(proves);
        _scheduler.Do(() =>
        {
            _end.Cancel();
            return true;
        });
        running.IsCompleted.ShouldBeTrue();
    }

    private sealed class Wire(StoppableTime time) : IStandbyDialler
    {
        public WebSocket? Far { get; private set; }

        public Task<WebSocket> DialAsync(LinkAddress leader, CancellationToken cancellation)
        {
            (var near, Far) = PairedSocket.Between(time, time);
            return Task.FromResult<WebSocket>(near);
        }
    }

    private sealed class Named() : PassingStore(new InMemoryFleetStore(new InMemoryFleetStore.Memory(), TimeProvider.System))
    {
        public override Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => Task.FromResult<TermHolder?>(Leader);
    }
}
