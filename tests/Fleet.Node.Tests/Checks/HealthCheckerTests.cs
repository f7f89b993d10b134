using System.Collections.Concurrent;
using System.Net;
using Fleet.Node.Checks;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Checks;

public sealed class HealthCheckerTests : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly FakeTime time = new();
    private readonly FakeChecks checks = new();
    private readonly ConcurrentQueue<string> changes = [];
    private readonly HealthChecker checker;

    public HealthCheckerTests()
    {
        checker = new HealthChecker(
            (_, _) => checks, (key, verdict) => changes.Enqueue($"{key} {verdict}"), time, NullLogger<HealthChecker>.Instance);
    }

    public ValueTask DisposeAsync() => checker.DisposeAsync();

    [Fact]
    public async Task Backend_is_unknown_then_up_then_down_then_up_again()
    {
        checker.Reconcile([Backend("a")]);
        checker.Verdicts[Key("a")].ShouldBe(Verdict.Unknown);
        await ChangesAsync("s/a Up");
        checks.Answer = _ => ProbeResult.Bad("no");
        await ChangesAsync("s/a Up", "s/a Down");
        checker.Verdicts[Key("a")].ShouldBe(Verdict.Down);
        checks.Answer = _ => ProbeResult.Good;
        await ChangesAsync("s/a Up", "s/a Down", "s/a Up");
    }

    [Fact]
    public async Task Probe_that_throws_or_hangs_is_a_bad_one_and_the_loop_goes_on()
    {
        checks.Answer = _ => throw new InvalidOperationException("broken check");
        checker.Reconcile([Backend("a")]);
        await ChangesAsync("s/a Down");
        checks.Answer = _ => ProbeResult.Good;
        await ChangesAsync("s/a Down", "s/a Up");
        checks.Answer = _ => null;
        await ChangesAsync("s/a Down", "s/a Up", "s/a Down");
        checks.Answer = _ => ProbeResult.Good;
        await ChangesAsync("s/a Down", "s/a Up", "s/a Down", "s/a Up");
    }

    [Fact]
    public async Task Same_set_again_changes_nothing()
    {
        checker.Reconcile([Backend("a"), Backend("b")]);
        await time.AdvanceUntilAsync(() => changes.Count == 2, Step, Limit);
        checker.Reconcile([Backend("b"), Backend("a") with { Backend = Backend("a").Backend with { Weight = 7 } }]);
        checker.Verdicts.Values.ShouldAllBe(verdict => verdict == Verdict.Up);
        changes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Backend_that_is_no_longer_wanted_becomes_unknown_and_is_left_alone()
    {
        checker.Reconcile([Backend("a"), Backend("b")]);
        await time.AdvanceUntilAsync(() => changes.Count == 2, Step, Limit);
        checker.Reconcile([Backend("b")]);
        changes.ShouldContain("s/a Unknown");
        checker.Verdicts.Keys.ShouldBe([Key("b")]);
        var probed = checks.Probes(PortOf("a"));
        var other = checks.Probes(PortOf("b"));
        await time.AdvanceUntilAsync(() => checks.Probes(PortOf("b")) > other + 3, Step, Limit);
        checks.Probes(PortOf("a")).ShouldBe(probed);
    }

    [Fact]
    public async Task New_check_keeps_the_verdict_and_a_new_address_does_not()
    {
        checker.Reconcile([Backend("a")]);
        await ChangesAsync("s/a Up");
        checker.Reconcile([Backend("a") with { Check = CheckSpec.Default with { IntervalMs = 300 } }]);
        checker.Verdicts[Key("a")].ShouldBe(Verdict.Up);
        changes.Count.ShouldBe(1);
        checker.Reconcile([Backend("a") with { Backend = new Backend("a", new IPEndPoint(IPAddress.Loopback, 9)) }]);
        checker.Verdicts[Key("a")].ShouldBe(Verdict.Unknown);
        await ChangesAsync("s/a Up", "s/a Unknown", "s/a Up");
    }

    [Fact]
    public void Probes_are_spread_over_the_interval()
    {
        var tenths = Enumerable.Range(0, 1000).Select(i => HealthChecker.FirstProbeAfter(Key($"b{i}"), TimeSpan.FromSeconds(1))).CountBy(delay => (int)(delay.TotalMilliseconds / 100));
        tenths.Select(tenth => tenth.Key).Order().ShouldBe(Enumerable.Range(0, 10));
        tenths.ShouldAllBe(tenth => tenth.Value > 60 && tenth.Value < 140);
    }

    [Fact]
    public async Task At_most_64_probes_run_at_once()
    {
        checks.Answer = _ => null;
        checker.Reconcile(Enumerable.Range(0, 100).Select(i => Backend($"b{i}") with { Check = CheckSpec.Default with { TimeoutMs = 60_000 } }));
        await time.AdvanceUntilAsync(() => checks.Running == 64, Step, Limit);
        time.Advance(TimeSpan.FromSeconds(5));
        await Task.Delay(20);
        checks.Running.ShouldBe(64);
    }

    [Fact]
    public async Task Disposal_ends_every_probe_and_no_verdict_comes_after()
    {
        checks.Answer = _ => null;
        checker.Reconcile(Enumerable.Range(0, 10).Select(i => Backend($"b{i}")));
        await time.AdvanceUntilAsync(() => checks.Running > 0, Step, Limit);
        await checker.DisposeAsync();
        checks.Running.ShouldBe(0);
        var count = changes.Count;
        time.Advance(TimeSpan.FromMinutes(1));
        changes.Count.ShouldBe(count);
    }

    /// <summary>The exception came out of the disposal, and the agent that stopped ended with 1.</summary>
    [Fact]
    public async Task Probe_that_fails_because_it_is_called_off_does_not_fail_the_disposal()
    {
        checks.Answer = _ => null;
        checks.WhenCalledOff = new IOException("Operation canceled.");
        checker.Reconcile([Backend("a")]);
        await time.AdvanceUntilAsync(() => checks.Running > 0, Step, Limit);
        await checker.DisposeAsync();
        changes.ShouldBeEmpty();
    }

    private static BackendKey Key(string name) => new(new ServiceName("s"), name);

    private static int PortOf(string name) => 1000 + (name.Length == 1 ? name[0] : int.Parse(name[1..]));

    private static BackendToCheck Backend(string name) =>
        new(Key(name), new Backend(name, new IPEndPoint(IPAddress.Loopback, PortOf(name))), CheckSpec.Default, ProxyProtocol: false);

    private async Task ChangesAsync(params string[] expected)
    {
        await time.AdvanceUntilAsync(() => changes.Count >= expected.Length, Step, Limit);
        changes.ShouldBe(expected);
    }

    /// <summary>Answers as it is told; null is to hang until the time is over.</summary>
    private sealed class FakeChecks : ICheck
    {
        private readonly ConcurrentDictionary<int, int> probes = [];
        private int running;

        public Func<IPEndPoint, ProbeResult?> Answer { get; set; } = _ => ProbeResult.Good;

        public Exception? WhenCalledOff { get; set; }

        public int Running => Volatile.Read(ref running);

        public int Probes(int port) => probes.GetValueOrDefault(port);

        public async Task<ProbeResult> ProbeAsync(IPEndPoint backend, CancellationToken cancellation)
        {
            Interlocked.Increment(ref running);
            try
            {
                probes.AddOrUpdate(backend.Port, 1, (_, count) => count + 1);
                if (Answer(backend) is { } result)
                    return result;
                await Task.Delay(Timeout.Infinite, cancellation);
                return ProbeResult.Good;
            }
            catch (OperationCanceledException) when (WhenCalledOff is not null)
            {
                throw WhenCalledOff;
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }
    }
}
