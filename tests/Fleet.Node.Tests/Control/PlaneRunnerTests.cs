using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Vips;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Control;

/// <summary>What is reported of a data plane that fails, and what becomes of the leases meanwhile.</summary>
public sealed class PlaneRunnerTests : IAsyncLifetime
{
    private static readonly VipAddress Old = Build.Vip(1);
    private static readonly VipAddress New = Build.Vip(2);

    private readonly CancellationTokenSource _end = new();
    private readonly NodeMailbox _mailbox = new();
    private readonly FailingPlane _plane = new();
    private readonly NotingHolder _holder = new();
    private PlaneRunner _runner = null!;
    private Task _running = Task.CompletedTask;
    private long _revision;

    public Task InitializeAsync()
    {
        Start([]);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task New_vip_is_missing_until_the_plan_is_carried_and_the_plan_is_tried_again(int failures)
    {
        _runner.Post(new NodeEffect.ApplyPlane(new NodePlan()));
        (await HoldAsync(Old)).Missing.ShouldBeEmpty();
        _plane.FailuresLeft = failures;
        var plan = new NodePlan();
        _runner.Post(new NodeEffect.ApplyPlane(plan));
        var report = await HoldAsync(Old, New);
        report.Missing.ShouldBe([New]);
        report.Version.Revision.ShouldBe(_revision, "what was let go of and lease terms are confirmed all the same");
        for (var since = Stopwatch.StartNew(); !report.Missing.IsEmpty && since.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20))
            report = await HoldAsync(Old, New);
        report.Missing.ShouldBeEmpty();
        _plane.Applied.ShouldBeSameAs(plan);
        _plane.Attempts.ShouldBe(failures + 2);
        _holder.Orders.ShouldAllBe(held => held.Contains(Old), "a failed plan never lets a lease lapse");
        _holder.TakenAt(New).ShouldBeGreaterThan(_plane.AppliedAt, "no VIP before the data plane is ready for it");
    }

    [Fact]
    public async Task Attempts_are_fifty_milliseconds_apart_and_then_more()
    {
        _plane.FailuresLeft = int.MaxValue;
        _runner.Post(new NodeEffect.ApplyPlane(new NodePlan()));
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromMilliseconds(600); await Task.Delay(10))
            await HoldAsync(New);
        _plane.Attempts.ShouldBeInRange(2, 5, "at 0, 50, 150, 350 and 750 ms at the earliest");
    }

    [Fact]
    public async Task Plan_that_hangs_holds_up_no_renewal()
    {
        _plane.Hangs = true;
        _holder.Holds = [Old];
        await RestartAsync([Old]);
        _runner.Post(new NodeEffect.ApplyPlane(new NodePlan()));
        var since = Stopwatch.StartNew();
        for (var i = 0; i < 3; i++)
            (await HoldAsync(Old, New)).Missing.ShouldBe([New]);
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        _holder.Orders.ShouldAllBe(held => held.SetEquals(ImmutableSortedSet.Create(Old)), "what an agent before this one left is renewed");
    }

    [Fact]
    public async Task Newer_plan_takes_the_place_of_one_that_fails()
    {
        _plane.FailuresLeft = 1;
        _runner.Post(new NodeEffect.ApplyPlane(new NodePlan()));
        var newer = new NodePlan();
        _runner.Post(new NodeEffect.ApplyPlane(newer));
        (await HoldAsync(New)).Missing.ShouldBeEmpty();
        _plane.Applied.ShouldBeSameAs(newer);
    }

    [Fact]
    public async Task Vip_whose_draining_failed_is_undrained_until_it_succeeds()
    {
        _plane.DrainFailuresLeft = 2;
        _runner.Post(new NodeEffect.DrainVips([Old]));
        var report = await HoldAsync(Old);
        report.Undrained.ShouldBe([Old]);
        report.Missing.ShouldBeEmpty();
        for (var since = Stopwatch.StartNew(); report.Undrained is not null && since.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20))
            report = await HoldAsync(Old);
        report.Undrained.ShouldBeNull();
        _plane.Draining.ShouldBe([Old]);
    }

    private void Start(ImmutableSortedSet<VipAddress> found)
    {
        _runner = new PlaneRunner(_plane, _holder, _mailbox, TimeProvider.System, found, NullLogger<PlaneRunner>.Instance);
        _running = _runner.RunAsync(_end.Token);
    }

    private async Task RestartAsync(ImmutableSortedSet<VipAddress> found)
    {
        _ = _runner.FinishAsync();
        await _running;
        Start(found);
    }

    private async Task<NodeInput.Held> HoldAsync(params VipAddress[] vips)
    {
        _runner.Post(new NodeEffect.HoldVips([.. vips], Instant.Forever, new MapVersion(1, ++_revision)));
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return (await _mailbox.Reader.ReadAsync(bound.Token)).ShouldBeOfType<NodeInput.Held>();
    }

    private sealed class FailingPlane : IDataPlane
    {
        public int FailuresLeft { get; set; }

        public int DrainFailuresLeft { get; set; }

        public bool Hangs { get; set; }

        public int Attempts { get; private set; }

        public NodePlan? Applied { get; private set; }

        public long AppliedAt { get; private set; }

        public ImmutableSortedSet<VipAddress> Draining { get; private set; } = [];

        public async Task ApplyAsync(NodePlan plan, CancellationToken cancellation)
        {
            Attempts++;
            if (Hangs)
                await Task.Delay(Timeout.Infinite, cancellation);
            if (FailuresLeft > 0)
            {
                FailuresLeft--;
                throw new IOException("The data plane is in a mood.");
            }

            (Applied, AppliedAt) = (plan, Stopwatch.GetTimestamp());
        }

        public Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation)
        {
            if (DrainFailuresLeft-- > 0)
                throw new IOException("The data plane is in a mood.");
            Draining = vips;
            return Task.CompletedTask;
        }

        public Task<ImmutableSortedDictionary<VipAddress, VipCounters>> ReadCountersAsync(CancellationToken cancellation) =>
            Task.FromResult(ImmutableSortedDictionary<VipAddress, VipCounters>.Empty);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class NotingHolder : IVipHolder
    {
        private readonly Dictionary<VipAddress, long> _taken = [];

        public List<ImmutableSortedSet<VipAddress>> Orders { get; } = [];

        public ImmutableSortedSet<VipAddress> Holds { get; set; } = [];

        public long TakenAt(VipAddress vip) => _taken[vip];

        public Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(
            ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
        {
            foreach (var vip in vips.Except(Holds))
                _taken[vip] = Stopwatch.GetTimestamp();
            Holds = vips;
            Orders.Add(vips);
            return Task.FromResult(ImmutableSortedDictionary<VipAddress, string>.Empty);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
