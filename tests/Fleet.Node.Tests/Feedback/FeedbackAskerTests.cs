using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Node.Core;
using Fleet.Node.Feedback;
using Fleet.Node.Tests.Contracts;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Feedback;

/// <summary>Agents asked over real sockets.</summary>
public sealed class FeedbackAskerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _changes = [];
    private readonly FeedbackAsker _asker;
    private volatile string _answer = "80%\n";

    public FeedbackAskerTests() =>
        _asker = new FeedbackAsker(
            FeedbackAsker.OverTcpAsync,
            (key, percent) => _changes.Enqueue($"{key.Backend} {percent?.ToString() ?? "-"}"),
            MonotonicClock.System,
            NullLogger<FeedbackAsker>.Instance);

    public ValueTask DisposeAsync() => _asker.DisposeAsync();

    [Fact]
    public async Task What_an_agent_says_shows_and_ends_with_the_asking()
    {
        await using var agent = new FakeBackend(SayAsync);
        _asker.Reconcile([Asked("a", agent)]);
        await UntilAsync(() => _changes.Contains("a 80"));
        _answer = "40%";
        await UntilAsync(() => _changes.Contains("a 40"));
        _answer = "drain\n";
        await UntilAsync(() => _changes.Contains("a 0"));
        _asker.Reconcile([]);
        _changes.Last().ShouldBe("a -");
    }

    [Fact]
    public async Task Agent_that_is_silent_broken_or_gone_changes_nothing_and_is_asked_again()
    {
        await using var agent = new FakeBackend(SayAsync);
        _asker.Reconcile([Asked("a", agent)]);
        await UntilAsync(() => _changes.Contains("a 80"));
        foreach (var bad in new[] { "", "\n", "what is this\n", new string('x', 5000) })
        {
            _answer = bad;
            var asked = agent.Accepted;
            await UntilAsync(() => agent.Accepted >= asked + 3);
        }

        _changes.ShouldBe(["a 80"]);
        _asker.UnknownWords.ShouldBeGreaterThan(3);
        _answer = "20%\n";
        await UntilAsync(() => _changes.Contains("a 20"));
    }

    [Fact]
    public async Task Agent_that_does_not_end_its_line_is_given_up_and_another_is_asked_meanwhile()
    {
        await using var slow = new FakeBackend(async stream => await stream.CopyToAsync(Stream.Null));
        await using var agent = new FakeBackend(SayAsync);
        _asker.Reconcile([Asked("slow", slow), Asked("a", agent)]);
        await UntilAsync(() => slow.Accepted >= 3 && _changes.Contains("a 80"));
        _changes.ShouldBe(["a 80"]);
    }

    [Fact]
    public async Task Backends_without_an_agent_are_not_asked_and_the_same_set_again_changes_nothing()
    {
        await using var agent = new FakeBackend(SayAsync);
        _asker.Reconcile([Asked("a", agent), Asked("b", agent) with { Feedback = null }]);
        await UntilAsync(() => _changes.Contains("a 80"));
        _asker.Reconcile([Asked("a", agent), Asked("b", agent) with { Feedback = null }]);
        _changes.ShouldBe(["a 80"]);
    }

    /// <summary>The exception came out of the disposal, and the agent that stopped ended with 1.</summary>
    [Fact]
    public async Task Agent_that_refuses_as_it_is_called_off_does_not_fail_the_disposal()
    {
        var asked = new TaskCompletionSource();
        var other = new FeedbackAsker(RefuseAsync, (_, _) => { }, MonotonicClock.System, NullLogger<FeedbackAsker>.Instance);
        await using var agent = new FakeBackend(SayAsync);
        other.Reconcile([Asked("a", agent)]);
        await asked.Task.WaitAsync(Patience);
        await other.DisposeAsync();

        async Task<Stream> RefuseAsync(IPEndPoint at, CancellationToken cancellation)
        {
            asked.TrySetResult();
            var calledOff = new TaskCompletionSource();
            await using var registration = cancellation.Register(calledOff.SetResult);
            await calledOff.Task;
            throw new SocketException((int)SocketError.ConnectionRefused);
        }
    }

    [Fact]
    public async Task Fleets_own_agent_is_understood()
    {
        using var end = new CancellationTokenSource();
        await using var own = new FeedbackAgent(
            new IPEndPoint(IPAddress.Loopback, 0), [new LoadSource.Memory(), new LoadSource.Command("echo 7")], TimeProvider.System);
        var running = own.RunAsync(end.Token);
        _asker.Reconcile([new BackendToCheck(
            Key("a"),
            new Backend("a", new IPEndPoint(IPAddress.Loopback, 1)),
            CheckSpec.Default,
            false,
            new FeedbackSpec(own.Address.Port, 100, 100))]);
        await UntilAsync(() => _changes.Contains("a 7"));
        await end.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("echo 42%", "42%")]
    [InlineData("echo 42", "42%")]
    [InlineData("echo drain", "drain")]
    [InlineData("echo nonsense", null)]
    [InlineData("echo 42; exit 1", null)]
    [InlineData("sleep 60", null)]
    [InlineData("/nowhere/at/all 2>&-", null)]
    public async Task Command_says_what_it_prints_if_it_ends_well_and_in_time(string line, string? words) =>
        (await new LoadSource.Command(line).ReadAsync(TimeSpan.FromSeconds(line.StartsWith("sleep", StringComparison.Ordinal) ? 0.2 : 10), default))
            .ShouldBe(words);

    [Fact]
    public async Task Processor_and_memory_of_this_host_are_parts_of_a_whole()
    {
        var processor = new LoadSource.Processor();
        (await processor.ReadAsync(default, default)).ShouldBeNull("there is nothing to compare with");
        await Task.Delay(100);
        foreach (var words in new[] { await processor.ReadAsync(default, default), await new LoadSource.Memory().ReadAsync(default, default) })
            int.Parse(words.ShouldNotBeNull().TrimEnd('%')).ShouldBeInRange(0, 100);
    }

    private Task SayAsync(Stream stream) => stream.WriteAsync(Encoding.ASCII.GetBytes(_answer)).AsTask();

    private static BackendKey Key(string name) => new(new ServiceName("s"), name);

    private static BackendToCheck Asked(string name, FakeBackend agent) => new(
        Key(name),
        new Backend(name, new IPEndPoint(agent.Address.Address, 1)),
        CheckSpec.Default,
        false,
        new FeedbackSpec(agent.Address.Port, 100, 100));

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!holds())
            await Task.Delay(10, limit.Token);
    }
}
