using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.Tests.Contracts;
using Fleet.Shared.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Control;

/// <summary>What is reported of a data plane that fails, and what becomes of the leases meanwhile.</summary>
public sealed class PlaneRunnerTests : IAsyncLifetime
{
    private static readonly PlanGeneration Seven = new(7);

    private readonly CancellationTokenSource _end = new();
    private readonly NodeMailbox _mailbox = new();
    private readonly FakePlane _plane = new();
    private readonly FakeTime _time = new();
    private PlaneRunner _runner = null!;
    private Task _running = Task.CompletedTask;
    private long _revision;

    public Task InitializeAsync()
    {
        _runner = new PlaneRunner(_plane, _mailbox, _time, NullLogger<PlaneRunner>.Instance);
        _running = _runner.RunAsync(_end.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
        _end.Dispose();
    }

    [Fact]
    public async Task What_the_data_plane_says_that_it_carries_is_reported()
    {
        Apply(7);
        (await NextAsync()).ShouldBe(new NodeInput.Applied(Seven, Seven));
        _runner.Post(new NodeEffect.ApplyBackends(new BackendStates { Generation = new(8), Plan = Seven }));
        (await NextAsync()).ShouldBe(new NodeInput.Applied(new(8), new(8)));
        _runner.Post(new NodeEffect.ApplyBackends(new BackendStates { Generation = new(9), Plan = new(1) }));
        (await NextAsync()).ShouldBe(new NodeInput.Applied(new(9), new(8)));
        _plane.Told.ShouldBe(["services", "backends", "backends"]);
    }

    [Fact]
    public async Task Apply_that_fails_is_reported_as_failed_and_carries_nobody_knows_what()
    {
        _plane.FailuresLeft = 1;
        Apply(7);
        (await NextAsync()).ShouldBe(new NodeInput.Applied(Seven, null, "The data plane is in a mood."));
    }

    [Fact]
    public async Task Data_plane_that_hangs_holds_up_no_renewal()
    {
        _plane.Answering = new TaskCompletionSource().Task;
        Apply(7);
        _runner.Post(new NodeEffect.DrainVips([Build.Vip(1)]));
        _runner.Post(new NodeEffect.ReadPlane());
        for (var i = 0; i < 3; i++)
            (await HoldAsync()).Order.Version.Revision.ShouldBe(_revision);
    }

    [Fact]
    public async Task Data_plane_that_calculates_for_long_holds_up_no_renewal()
    {
        using var calculated = new SemaphoreSlim(0);
        _plane.Calculating = () => calculated.Wait(TimeSpan.FromSeconds(20));
        Apply(7);
        await HoldAsync();
        calculated.Release(10);
        (await NextAsync()).ShouldBeOfType<NodeInput.Applied>();
    }

    [Fact]
    public async Task Data_plane_that_does_not_answer_for_ten_seconds_is_called_off()
    {
        _plane.Answering = new TaskCompletionSource().Task;
        Apply(7);
        await HoldAsync();
        var answer = NextAsync();
        await _time.AdvanceUntilAsync(() => answer.IsCompleted, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20));
        (await answer).ShouldBe(new NodeInput.Applied(Seven, null, "it gave no answer for 10 s"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Whether_draining_has_begun_is_reported(int failures)
    {
        _plane.FailuresLeft = failures;
        _runner.Post(new NodeEffect.DrainVips([Build.Vip(1)]));
        (await NextAsync()).ShouldBe(new NodeInput.Drained(failures == 0));
    }

    [Fact]
    public async Task What_it_carries_is_read_and_what_cannot_be_read_is_left()
    {
        Apply(7);
        await NextAsync();
        _plane.FailuresLeft = 1;
        _runner.Post(new NodeEffect.ReadPlane());
        await HoldAsync();
        _runner.Post(new NodeEffect.ReadPlane());
        (await NextAsync()).ShouldBeOfType<NodeInput.PlaneRead>().Reading.Carried.ShouldBe(Seven);
    }

    [Fact]
    public async Task Runner_that_is_to_finish_waits_for_what_is_held_and_for_no_data_plane_that_hangs()
    {
        _plane.Answering = new TaskCompletionSource().Task;
        Apply(7);
        _runner.Post(new NodeEffect.HoldVips([Build.Vip(1)], Instant.Forever, MapVersion.None, []));
        await _runner.FinishAsync().WaitAsync(TimeSpan.FromSeconds(20));
        _plane.Holds.Count.ShouldBe(1);
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private void Apply(long generation) => _runner.Post(
        new NodeEffect.ApplyServices(
            new NodePlan { Generation = new(generation) }, new BackendStates { Generation = new(generation), Plan = new(generation) }));

    private async Task<NodeInput.Held> HoldAsync()
    {
        _runner.Post(new NodeEffect.HoldVips([Build.Vip(1)], Instant.Forever, new MapVersion(1, ++_revision), []));
        return (await NextAsync()).ShouldBeOfType<NodeInput.Held>();
    }

    private async Task<NodeInput> NextAsync()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _mailbox.Reader.ReadAsync(bound.Token);
    }
}
