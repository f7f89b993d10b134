using System.Diagnostics;
using Fleet.Node.Tests.Vips.Networks;
using Fleet.Node.Vips.Linux;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Contracts;
using Xunit.Abstractions;

namespace Fleet.Node.Tests.Vips;

/// <summary>Whatever happens to the agent: VIPs are answered up to the end of the lease, and not once after it.</summary>
[NeedsNetwork]
public sealed class LeaseEndTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Lan _lan = new();

    public void Dispose() => _lan.Dispose();

    [ContractTheory]
    [InlineData(false, "STOP")]
    [InlineData(true, "STOP")]
    [InlineData(false, "KILL")]
    public async Task Agent_that_is_stopped_or_killed_is_answered_for_until_the_lease_ends_and_never_later(bool isV6, string signal)
    {
        using var bound = new CancellationTokenSource(Patience);
        var vip = Lan.Vip(isV6, 0);
        using var agent = HoldingAgent.Start(_lan.NodeA, Lease, vip);
        try
        {
            await using var pinger = new Pinger(_lan.Client, vip);
            await pinger.AnsweredSinceAsync(Instant.Never, Patience);
            await HoldingAgent.NextEndAsync(agent, bound.Token);
            var (before, last) = (await HoldingAgent.NextEndAsync(agent, bound.Token), await HoldingAgent.NextEndAsync(agent, bound.Token));
            await SystemProgram.RunAsync("kill", $"-{signal}", $"{agent.Id}");
            while (await NextEndAsync(agent) is { } end)
                (before, last) = (last, end);
            await UntilAsync(last + TimeSpan.FromMilliseconds(400));
            var lastAnswered = pinger.Answered.Max();
            output.WriteLine($"the last ping that was answered: {(last - lastAnswered).TotalMilliseconds:0.0} ms before the end of the lease");
            lastAnswered.ShouldBeLessThan(last);
            pinger.Sent.Max().ShouldBeGreaterThan(last + TimeSpan.FromMilliseconds(200));
            // What was said last may not have been asked for any more. Who pings may stand still too, but what it did send was answered.
            var asked = pinger.Sent.Where(at => at < before - TimeSpan.FromMilliseconds(100)).Max();
            lastAnswered.ShouldBeGreaterThanOrEqualTo(asked);
            if (signal == "KILL")
                return;
            await SystemProgram.RunAsync("kill", "-CONT", $"{agent.Id}");
            await pinger.AnsweredSinceAsync(last, Patience);
        }
        finally
        {
            agent.Kill();
        }
    }

    /// <summary>The clock stands for a process that is stopped each time it has read the time, and goes on by the time that it has read.</summary>
    [ContractTheory]
    [InlineData(false, 100)]
    [InlineData(true, 100)]
    [InlineData(false, 20)]
    public async Task Agent_that_is_stopped_whenever_it_has_read_the_clock_asks_for_no_time_that_has_passed(bool isV6, int milliseconds)
    {
        var vip = Lan.Vip(isV6, 0);
        var time = new StoppingTime();
        await using var holder = Lan.Open(_lan.NodeA, clock: new MonotonicClock(time));
        await holder.HoldAsync([vip], In(30_000), CancellationToken.None); // Whatever is slow at the start is over.
        await using var pinger = new Pinger(_lan.Client, vip);
        await pinger.AnsweredSinceAsync(Instant.Never, Patience);
        time.Stop = TimeSpan.FromMilliseconds(milliseconds);
        var end = In(6000);
        (await holder.HoldAsync([vip], end, CancellationToken.None)).ShouldBeEmpty();
        var renewed = MonotonicClock.System.Now;
        renewed.ShouldBeLessThan(end);
        await UntilAsync(end + TimeSpan.FromMilliseconds(400));
        pinger.Answered.Max().ShouldBeLessThan(end);
        pinger.Answered.Max().ShouldBeGreaterThan(end - TimeSpan.FromMilliseconds(700));
    }

    [ContractFact]
    public async Task Agent_that_is_stopped_for_longer_than_its_lease_holds_nothing_when_it_goes_on()
    {
        var vip = Lan.Vip(false, 0);
        var time = new StoppingTime();
        await using var holder = Lan.Open(_lan.NodeA, clock: new MonotonicClock(time));
        await using var pinger = new Pinger(_lan.Client, vip);
        time.Stop = TimeSpan.FromMilliseconds(500);
        (await holder.HoldAsync([vip], In(400), CancellationToken.None)).Keys.ShouldBe([vip]);
        await UntilAsync(In(300));
        pinger.Answered.ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Address_is_answered_for_by_nobody_before_its_lease_begins()
    {
        var vip = Lan.Vip(false, 0);
        await using var pinger = new Pinger(_lan.Client, vip);
        var time = new StoppingTime();
        await using var holder = Lan.Open(_lan.NodeA, clock: new MonotonicClock(time));
        time.Stop = TimeSpan.FromMilliseconds(200);
        var asked = MonotonicClock.System.Now;
        await holder.HoldAsync([vip], In(10_000), CancellationToken.None);
        await pinger.AnsweredSinceAsync(Instant.Never, Patience);
        // The address is there after three times of reading the clock, and the lease no earlier than after five more.
        (pinger.FirstRead - asked).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(1500));
    }

    private static Instant In(int milliseconds) => MonotonicClock.System.Now + TimeSpan.FromMilliseconds(milliseconds);

    private static async Task UntilAsync(Instant moment)
    {
        while (MonotonicClock.System.Now < moment)
            await Task.Delay(1);
    }

    /// <summary>What the agent still said; null when it has stood still for a while.</summary>
    private static async Task<Instant?> NextEndAsync(Process agent)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        try
        {
            return await HoldingAgent.NextEndAsync(agent, late.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class StoppingTime : TimeProvider
    {
        private readonly ManualResetEventSlim _never = new();

        public TimeSpan Stop { get; set; }

        public override long GetTimestamp()
        {
            var now = base.GetTimestamp();
            _never.Wait(Stop);
            return now;
        }
    }
}
