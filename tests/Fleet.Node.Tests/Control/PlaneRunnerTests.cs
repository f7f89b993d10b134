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

    private readonly CancellationTokenSource end = new();
    private readonly NodeMailbox mailbox = new();
    private readonly FailingPlane plane = new();
    private readonly NotingHolder holder = new();
    private PlaneRunner runner = null!;
    private Task running = Task.CompletedTask;
    private long revision;

    public Task InitializeAsync()
    {
        Start([]);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await end.CancelAsync();
        await running;
        end.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task New_vip_is_missing_until_the_plan_is_carried_and_the_plan_is_tried_again(int failures)
    {
        runner.Post(new NodeEffect.ApplyPlane(new NodePlan()));
        (await HoldAsync(Old)).Missing.ShouldBeEmpty();
        plane.FailuresLeft = failures;
        var plan = new NodePlan();
        runner.Post(new NodeEffect.ApplyPlane(plan));
        var report = await HoldAsync(Old, New);
        report.Missing.ShouldBe([New]);
        report.Version.Revision.ShouldBe(revision, "what was let go of and lease terms are confirmed all the same");
        for (var since = Stopwatch.StartNew(); !report.Missing.IsEmpty && since.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20))
            report = await HoldAsync(Old, New);
        report.Missing.ShouldBeEmpty();
        plane.Applied.ShouldBeSameAs(plan);
        plane.Attempts.ShouldBe(failures + 2);
        holder.Orders.ShouldAllBe(held => held.Contains(Old), "a failed plan never lets a lease lapse");
        holder.TakenAt(New).ShouldBeGreaterThan(plane.AppliedAt, "no VIP before the data plane is ready for it");
    }

    [Fact]
    public async Task Attempts_are_fifty_milliseconds_apart_and_then_more()
    {
        plane.FailuresLeft = int.MaxValue;
        runner.Post(new NodeEffect.ApplyPlane(new NodePlan()));
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromMilliseconds(600); await Task.Delay(10))
            await HoldAsync(New);
        plane.Attempts.ShouldBeInRange(2, 5, "at 0, 50, 150, 350 and 750 ms at the earliest");
    }

    [Fact]
    public async Task Plan_that_hangs_holds_up_no_renewal()
    {
        plane.Hangs = true;
        holder.Holds = [Old];
        await RestartAsync([Old]);
        runner.Post(new NodeEffect.ApplyPlane(new NodePlan()));
        var since = Stopwatch.StartNew();
        for (var i = 0; i < 3; i++)
            (await HoldAsync(Old, New)).Missing.ShouldBe([New]);
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        holder.Orders.ShouldAllBe(held => held.SetEquals(ImmutableSortedSet.Create(Old)), "what an agent before this one left is renewed");
    }

    [Fact]
    public async Task Newer_plan_takes_the_place_of_one_that_fails()
    {
        plane.FailuresLeft = 1;
        runner.Post(new NodeEffect.ApplyPlane(new NodePlan()));
        var newer = new NodePlan();
        runner.Post(new NodeEffect.ApplyPlane(newer));
        (await HoldAsync(New)).Missing.ShouldBeEmpty();
        plane.Applied.ShouldBeSameAs(newer);
    }

    [Fact]
    public async Task Vip_whose_draining_failed_is_undrained_until_it_succeeds()
    {
        plane.DrainFailuresLeft = 2;
        runner.Post(new NodeEffect.DrainVips([Old]));
        var report = await HoldAsync(Old);
        report.Undrained.ShouldBe([Old]);
        report.Missing.ShouldBeEmpty();
        for (var since = Stopwatch.StartNew(); report.Undrained is not null && since.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20))
            report = await HoldAsync(Old);
        report.Undrained.ShouldBeNull();
        plane.Draining.ShouldBe([Old]);
    }

    private void Start(ImmutableSortedSet<VipAddress> found)
    {
        runner = new PlaneRunner(plane, holder, mailbox, TimeProvider.System, found, NullLogger<PlaneRunner>.Instance);
        running = runner.RunAsync(end.Token);
    }

    private async Task RestartAsync(ImmutableSortedSet<VipAddress> found)
    {
        _ = runner.FinishAsync();
        await running;
        Start(found);
    }

    private async Task<NodeInput.Held> HoldAsync(params VipAddress[] vips)
    {
        runner.Post(new NodeEffect.HoldVips([.. vips], Instant.Forever, new MapVersion(1, ++revision)));
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return (await mailbox.Reader.ReadAsync(bound.Token)).ShouldBeOfType<NodeInput.Held>();
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
        private readonly Dictionary<VipAddress, long> taken = [];

        public List<ImmutableSortedSet<VipAddress>> Orders { get; } = [];

        public ImmutableSortedSet<VipAddress> Holds { get; set; } = [];

        public long TakenAt(VipAddress vip) => taken[vip];

        public Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
        {
            foreach (var vip in vips.Except(Holds))
                taken[vip] = Stopwatch.GetTimestamp();
            Holds = vips;
            Orders.Add(vips);
            return Task.FromResult(ImmutableSortedDictionary<VipAddress, string>.Empty);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
