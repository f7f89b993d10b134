using System.Collections.Concurrent;
using System.Collections.Immutable;
using Fleet.Coordinator.Publishers;
using Fleet.Coordinator.Publishing;
using Fleet.Shared.Api;
using Fleet.Shared.Config;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Microsoft.Extensions.Logging;

namespace Fleet.Coordinator.Tests.Publishers;

/// <summary>The loop around the passes, with a real server to talk to.</summary>
public sealed class PublisherTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _end = new();
    private readonly Diary _log = new();
    private volatile FleetMap? _map = FleetMap.Empty;
    private ImmutableArray<RecordSet> _answers = [A("web", 1)];
    private DnsServerProcess? _server;
    private Publisher? _publisher;
    private Task _running = Task.CompletedTask;
    private string _keyFile = "";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.WaitAsync(Patience);
        _server?.Dispose();
        _end.Dispose();
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Server_that_was_away_is_brought_in_step_when_it_is_back(string kind)
    {
        await PublishAsync(kind);
        await UntilAsync(view => view.State == PublishingView.InStep);
        _server!.Stop();
        _answers = [A("web", 1), A("s3", 2)];
        _publisher!.Wake();
        await UntilAsync(view => view is { State: PublishingView.Behind, Failures: >= 2 });
        _publisher.View.LastError.ShouldStartWith("the server cannot be reached: ");
        await _server.StartAsync();
        await UntilAsync(view => view.State == PublishingView.InStep);
        _publisher.View.ShouldSatisfyAllConditions(
            v => v.Pending.ShouldBe(0), v => v.LastError.ShouldBeNull(), v => v.RecordSets.ShouldBe(2), v => v.Updates.ShouldBe(2));
        _log.AtLevel(LogLevel.Error).Count.ShouldBe(1, "the same failure is told once");
        // It is logged once it can be seen.
        await UntilAsync(_ => _log.AtLevel(LogLevel.Information).Any(line => line.EndsWith("is in step again", StringComparison.Ordinal)));
    }

    [RealServersTheory, InlineData("knot")]
    public async Task Refusal_is_told_once_and_ends_with_the_right_key(string kind)
    {
        await PublishAsync(kind, secret: "////////////////////////////////////////////");
        await UntilAsync(view => view is { State: PublishingView.Refused, Failures: >= 3 });
        _publisher!.View.LastError.ShouldBe("the server has another secret for the key fleet (BADSIG)");
        _log.AtLevel(LogLevel.Error).ShouldHaveSingleItem().ShouldContain("(BADSIG)");
        File.WriteAllText(_keyFile, ServerFiles.Key("fleet", "hmac-sha256", DnsServerProcess.Secret));
        await UntilAsync(view => view.State == PublishingView.InStep);
    }

    [RealServersTheory, InlineData("bind")]
    public async Task Who_does_not_lead_publishes_nothing(string kind)
    {
        _map = null;
        await PublishAsync(kind);
        for (var i = 0; i < 5; i++)
        {
            _publisher!.Wake();
            await Task.Delay(20);
        }

        _publisher!.View.State.ShouldBe(PublishingView.Waiting);
        Records().ShouldBe([]);
        _map = FleetMap.Empty;
        _publisher.Wake();
        await UntilAsync(view => view.State == PublishingView.InStep);
        Records().ShouldBe(["web.example.net"]);
    }

    [RealServersTheory, InlineData("bind")]
    public async Task Drift_is_put_right_on_the_period(string kind)
    {
        await PublishAsync(kind, every: TimeSpan.FromSeconds(1));
        await UntilAsync(view => view.State == PublishingView.InStep);
        await _server!.Link.UpdateAsync(
            new DnsUpdate(DnsServerLink.NewId(), DnsServerProcess.Zone, [], [new UpdateChange.DeleteName(DnsName.Parse("web.example.net"))]),
            default);
        Records().ShouldBe([]);
        await UntilAsync(view => view.Updates == 2);
        Records().ShouldBe(["web.example.net"]);
    }

    private async Task PublishAsync(string kind, string secret = DnsServerProcess.Secret, TimeSpan? every = null)
    {
        _server = await DnsServerProcess.StartAsync(kind);
        _keyFile = _server.KeyFile(secret: secret);
        var settings = new PublishSettings
        {
            Server = _server.Endpoint,
            Zone = "example.net",
            FleetZone = null,
            KeyFile = _keyFile,
            TtlSeconds = 5,
            TakeOver = false,
            Every = every ?? TimeSpan.FromMinutes(5),
        };
        _publisher = new Publisher(
            settings,
            PublishTarget.Create(settings, "prod", "fleet.internal"),
            _ => Task.FromResult(_map),
            _ => _answers,
            TimeSpan.FromMilliseconds(50),
            TimeProvider.System,
            _log);
        _running = _publisher.RunAsync(_end.Token);
    }

    private async Task UntilAsync(Func<PublishingView, bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!holds(_publisher!.View))
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"It is still so: {_publisher.View}\n{string.Join('\n', _log.All)}");
            await Task.Delay(10);
        }
    }

    /// <summary>The published names that the server has.</summary>
    private string[] Records() =>
        [
            .. _server!.Link
                .TransferAsync(DnsServerProcess.Zone, default)
                .GetAwaiter()
                .GetResult()
                .Where(r => r.Type == DnsType.A && r.Ttl == 5)
                .Select(r => r.Name.ToString()),
        ];

    private static RecordSet A(string label, byte host) => new(DnsName.Parse($"{label}.fleet.internal"), DnsType.A, 0, [[10, 0, 0, host]]);

    private sealed class Diary : ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Line)> _lines = new();

        public IEnumerable<string> All => _lines.Select(line => line.Line);

        public IReadOnlyList<string> AtLevel(LogLevel level) => [.. _lines.Where(line => line.Level == level).Select(line => line.Line)];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue((logLevel, formatter(state, exception)));
    }
}
