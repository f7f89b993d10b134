using System.Security.Cryptography;
using Fleet.Node.Gslb.Answering;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb;

/// <summary>
/// What a DNS server does beside answering: it rolls the secret of its cookies every day (RFC 9018 5), and writes the sampled queries into the log.
/// </summary>
internal sealed partial class DnsUpkeep : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SecretAge = TimeSpan.FromDays(1);

    private readonly AnswerContext _context;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Gives the context its first secret.</summary>
    public DnsUpkeep(AnswerContext context, ILogger logger)
    {
        _context = context;
        _logger = logger;
        var sinceZero = context.Clock.Now.Micros / 1_000_000;
        var keys = new CookieKeys(NewSecret(), null, context.Clock.Time.GetUtcNow().ToUnixTimeSeconds() - sinceZero);
        context.Change(rules => rules with { Cookies = keys });
    }

    /// <summary>Begins.</summary>
    public void Start() => _running = RunAsync(_stop.Token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>The next secret; cookies of this one stay good until the one after it.</summary>
    public void Roll()
    {
        var next = NewSecret();
        _context.Change(rules => rules with { Cookies = rules.Cookies!.Rolled(next) });
    }

    private static SipKey NewSecret() => SipKey.FromBytes(RandomNumberGenerator.GetBytes(SipHash.KeySize));

    private async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, _context.Clock.Time);
        var rollAt = _context.Clock.Now + SecretAge;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                WriteLog();
                if (_context.Clock.Now < rollAt)
                    continue;
                rollAt += SecretAge;
                Roll();
            }
        }
        catch (OperationCanceledException)
        {
            WriteLog();
        }
    }

    private void WriteLog()
    {
        foreach (var lane in _context.Tally.Lanes)
        {
            while (lane.Log?.Take() is { } line)
                LogQuery(_context.Clock.Time.GetUtcNow() - (_context.Clock.Now - line.At), line);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "query {At:O} {Query}")]
    private partial void LogQuery(DateTimeOffset at, QueryLine query);
}
