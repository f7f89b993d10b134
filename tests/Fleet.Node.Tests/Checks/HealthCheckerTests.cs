using System.Collections.Concurrent;
using System.Net;
using Fleet.Node.Checks;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Checks;

public sealed class HealthCheckerTests : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly FakeTime _time = new();
    private readonly FakeChecks _checks = new();
    private readonly ConcurrentQueue<string> _changes = [];
    private readonly HealthChecker _checker;

    public HealthCheckerTests()
    {
        _checker = new HealthChecker(
            (_, _) => _checks, (key, verdict) => _changes.Enqueue($"{key} {verdict}"), _time, NullLogger<HealthChecker>.Instance);
    }

    public ValueTask DisposeAsync() => _checker.DisposeAsync();

    [Fact]
    public async Task Backend_is_unknown_then_up_then_down_then_up_again()
    {
        _checker.Reconcile([Backend("a")]);
        _checker.Verdicts[Key("a")].ShouldBe(Verdict.Unknown);
        await ChangesAsync("s/a Up");
        _checks.Answer = _ => ProbeResult.Bad("no");
        await ChangesAsync("s/a Up", "s/a Down");
        _checker.Verdicts[Key("a")].ShouldBe(Verdict.Down);
        _checks.Answer = _ => ProbeResult.Good;
        await ChangesAsync("s/a Up", "s/a Down", "s/a Up");
    }

    [Fact]
    public async Task Probe_that_throws_or_hangs_is_a_bad_one_and_the_loop_goes_on()
    {
        _checks.Answer = _ => throw new InvalidOperationException("broken check");
        _checker.Reconcile([Backend("a")]);
        await ChangesAsync("s/a Down");
        _checks.Answer = _ => ProbeResult.Good;
        await ChangesAsync("s/a Down", "s/a Up");
        _checks.Answer = _ => null;
        await ChangesAsync("s/a Down", "s/a Up", "s/a Down");
        _checks.Answer = _ => ProbeResult.Good;
        await ChangesAsync("s/a Down", "s/a Up", "s/a Down", "s/a Up");
    }

    [Fact]
    public async Task Same_set_again_changes_nothing()
    {
        _checker.Reconcile([Backend("a"), Backend("b")]);
        await _time.AdvanceUntilAsync(() => _changes.Count == 2, Step, Limit);
        _checker.Reconcile([Backend("b"), Backend("a") with { Backend = Backend("a").Backend with { Weight = 7 } }]);
        _checker.Verdicts.Values.ShouldAllBe(verdict => verdict == Verdict.Up);
        _changes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Backend_that_is_no_longer_wanted_becomes_unknown_and_is_left_alone()
    {
        _checker.Reconcile([Backend("a"), Backend("b")]);
        await _time.AdvanceUntilAsync(() => _changes.Count == 2, Step, Limit);
        _checker.Reconcile([Backend("b")]);
        _changes.ShouldContain("s/a Unknown");
        _checker.Verdicts.Keys.ShouldBe([Key("b")]);
        var probed = _checks.Probes(PortOf("a"));
        var other = _checks.Probes(PortOf("b"));
        await _time.AdvanceUntilAsync(() => _checks.Probes(PortOf("b")) > other + 3, Step, Limit);
        _checks.Probes(PortOf("a")).ShouldBe(probed);
    }

    [Fact]
    public async Task New_check_keeps_the_verdict_and_a_new_address_does_not()
    {
        _checker.Reconcile([Backend("a")]);
        await ChangesAsync("s/a Up");
        _checker.Reconcile([Backend("a") with { Check = CheckSpec.Default with { IntervalMs = 300 } }]);
        _checker.Verdicts[Key("a")].ShouldBe(Verdict.Up);
        _changes.Count.ShouldBe(1);
        _checker.Reconcile([Backend("a") with { Backend = new Backend("a", new IPEndPoint(IPAddress.Loopback, 9)) }]);
        _checker.Verdicts[Key("a")].ShouldBe(Verdict.Unknown);
        await ChangesAsync("s/a Up", "s/a Unknown", "s/a Up");
    }

    [Fact]
    public void Probes_are_spread_over_the_interval()
    {
        var tenths = Enumerable
            .Range(0, 1000)
            .Select(i => HealthChecker.FirstProbeAfter(Key($"b{i}"), TimeSpan.FromSeconds(1)))
            .CountBy(delay => (int)(delay.TotalMilliseconds / 100));
        tenths.Select(tenth => tenth.Key).Order().ShouldBe(Enumerable.Range(0, 10));
        tenths.ShouldAllBe(tenth => tenth.Value > 60 && tenth.Value < 140);
    }

    [Fact]
    public async Task At_most_64_probes_run_at_once()
    {
        _checks.Answer = _ => null;
        _checker.Reconcile(Enumerable.Range(0, 100).Select(i => Backend($"b{i}") with { Check = CheckSpec.Default with { TimeoutMs = 60_000 } }));
        await _time.AdvanceUntilAsync(() => _checks.Running == 64, Step, Limit);
        _time.Advance(TimeSpan.FromSeconds(5));
        await Task.Delay(20);
        _checks.Running.ShouldBe(64);
    }

    [Fact]
    public async Task Disposal_ends_every_probe_and_no_verdict_comes_after()
    {
        _checks.Answer = _ => null;
        _checker.Reconcile(Enumerable.Range(0, 10).Select(i => Backend($"b{i}")));
        await _time.AdvanceUntilAsync(() => _checks.Running > 0, Step, Limit);
        await _checker.DisposeAsync();
        _checks.Running.ShouldBe(0);
        var count = _changes.Count;
        _time.Advance(TimeSpan.FromMinutes(1));
        _changes.Count.ShouldBe(count);
    }

    /// <summary>The exception came out of the disposal, and the agent that stopped ended with 1.</summary>
    [Fact]
    public async Task Probe_that_fails_because_it_is_called_off_does_not_fail_the_disposal()
    {
        _checks.Answer = _ => null;
        _checks.WhenCalledOff = new IOException("Operation canceled.");
        _checker.Reconcile([Backend("a")]);
        await _time.AdvanceUntilAsync(() => _checks.Running > 0, Step, Limit);
        await _checker.DisposeAsync();
        _changes.ShouldBeEmpty();
    }

    private static BackendKey Key(string name) => new(new ServiceName("s"), name);

    private static int PortOf(string name) => 1000 + (name.Length == 1 ? name[0] : int.Parse(name[1..]));

    private static BackendToCheck Backend(string name) =>
        new(Key(name), new Backend(name, new IPEndPoint(IPAddress.Loopback, PortOf(name))), CheckSpec.Default, ProxyProtocol: false);

    private async Task ChangesAsync(params string[] expected)
    {
        await _time.AdvanceUntilAsync(() => _changes.Count >= expected.Length, Step, Limit);
        _changes.ShouldBe(expected);
    }

    /// <summary>Answers as it is told; null is to hang until the time is over.</summary>
    private sealed class FakeChecks : ICheck
    {
        private readonly ConcurrentDictionary<int, int> _probes = [];
        private int _running;

        public Func<IPEndPoint, ProbeResult?> Answer { get; set; } = _ => ProbeResult.Good;

        public Exception? WhenCalledOff { get; set; }

        public int Running => Volatile.Read(ref _running);

        public int Probes(int port) => _probes.GetValueOrDefault(port);

        public async Task<ProbeResult> ProbeAsync(IPEndPoint backend, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _running);
            try
            {
                _probes.AddOrUpdate(backend.Port, 1, (_, count) => count + 1);
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
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
