using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Node.Gslb.Keys;
using Fleet.Node.Tests.Gslb.Signing;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging;

namespace Fleet.Node.Tests.Gslb.Keys;

/// <summary>A folder of keys that changes, and time that passes.</summary>
public sealed class KeyWatcherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-keys-").FullName;
    private readonly FakeTime _time = new();
    private readonly Lines _log = new();
    private readonly KeyFolder _keys;
    private readonly KeyWatcher _watcher;
    private KeyRing? _published;

    public KeyWatcherTests()
    {
        _keys = new KeyFolder(_folder);
        _watcher = new KeyWatcher(_keys, _time, salt: 1, ring => _published = ring, _log);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keys_are_there_at_the_first_look()
    {
        var key = Add(Working());
        _watcher.Look();
        Tags().ShouldBe([key.Key.Tag]);
        _log.ShouldContain($"fleet.test ZSK {key.Key.Tag} active");
    }

    [Fact]
    public void A_change_is_taken_when_it_has_stood_still_for_one_look()
    {
        var first = Add(Working());
        _watcher.Look();
        var second = Add(Working());
        _watcher.Look();
        Tags().ShouldBe([first.Key.Tag]);
        _watcher.Look();
        Tags().ShouldBe([first.Key.Tag, second.Key.Tag], ignoreOrder: true);
    }

    [Fact]
    public void Half_of_a_key_is_never_met_while_it_is_being_copied()
    {
        Add(Working());
        _watcher.Look();
        var second = Add(Working());
        var half = Path.Combine(_folder, $"{second.FileName}.private");
        var text = File.ReadAllText(half);
        File.Delete(half);
        _watcher.Look();
        File.WriteAllText(half, text);
        _watcher.Look();
        _watcher.Look();
        Tags().ShouldContain(second.Key.Tag);
        _log.ShouldNotContain($"{second.FileName}: ");
    }

    [Fact]
    public void A_broken_file_is_named_and_the_keys_of_before_stay()
    {
        var key = Add(Working());
        _watcher.Look();
        var file = Path.Combine(_folder, $"{key.FileName}.private");
        var text = File.ReadAllText(file);
        File.WriteAllText(file, text[..60]);
        _watcher.Look();
        _watcher.Look();
        Tags().ShouldBe([key.Key.Tag]);
        _log.ShouldContain($"{key.FileName}: ");
        _log.ShouldContain("stay in use");
        _log.ShouldNotContain(text.Split('\n')[2][12..40]);
        File.WriteAllText(file, text);
        Add(Working());
        _watcher.Look();
        _watcher.Look();
        Tags().Length.ShouldBe(2);
    }

    [Fact]
    public void A_folder_with_a_broken_file_gives_the_others_where_there_is_nothing_from_before()
    {
        var key = Add(Working());
        File.WriteAllText(Path.Combine(_folder, "Kfleet.test.+013+00001.key"), "nonsense");
        _watcher.Look();
        Tags().ShouldBe([key.Key.Tag]);
        _log.ShouldContain("Kfleet.test.+013+00001");
    }

    [Fact]
    public void A_folder_that_is_not_there_signs_nothing_and_says_so()
    {
        KeyRing? ring = null;
        new KeyWatcher(new KeyFolder(Path.Combine(_folder, "none")), _time, 1, published => ring = published, _log).Look();
        ring!.Zones.ShouldBeEmpty();
        _log.ShouldContain("Warning");
        _log.ShouldContain("nothing is signed");
    }

    [Fact]
    public void Time_alone_rolls_a_key()
    {
        var old = Add(Working() with { Inactive = Now + 60, Delete = Now + 120 });
        var next = Add(new KeyTimes { Publish = Now, Activate = Now + 60 });
        var cases = new[] { (0, (ushort[])[old.Key.Tag]), (59, [old.Key.Tag]), (1, [next.Key.Tag]), (60, [next.Key.Tag]) };
        foreach ((var seconds, var tags) in cases)
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            _watcher.Look();
            Tags().ShouldBe(tags);
        }

        _published!.Find(SignedZones.Apex.Wire)!.Keys.Count.ShouldBe((ushort)1);
    }

    [Fact]
    public async Task It_looks_by_itself_until_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var running = _watcher.RunAsync(stop.Token);
        Add(Working());
        await _time.AdvanceUntilAsync(() => _published is { } ring && ring.Zones.Any(), KeyWatcher.Period, TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        await running;
    }

    private KeyTimes Working() => new() { Publish = Now - 60, Activate = Now - 60 };

    private ZoneKey Add(KeyTimes times)
    {
        var key = SignedZones.NewKey(DnsKey.ZoneSigningFlags, times);
        _keys.Add(key);
        return key;
    }

    private ushort[] Tags() => [.. _published!.Find(SignedZones.Apex.Wire)!.ZoneSigners.Select(key => key.Tag)];

    /// <summary>What was logged, a line each with its level.</summary>
    private sealed class Lines : List<string>, ILogger<KeyWatcher>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add($"{logLevel} {formatter(state, exception)}");

        public void ShouldContain(string text) =>
            this.Any(line => line.Contains(text, StringComparison.Ordinal)).ShouldBeTrue(string.Join('\n', this));

        public void ShouldNotContain(string text) =>
            this.Any(line => line.Contains(text, StringComparison.Ordinal)).ShouldBeFalse(string.Join('\n', this));
    }
}
