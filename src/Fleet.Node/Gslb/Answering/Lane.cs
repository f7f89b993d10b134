using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// What one thread of the server keeps between queries, so that threads share nothing they write to: chance, counters, and the rules of the moment.
/// One thread at a time may answer by it; any thread may read its counters.
/// </summary>
internal sealed class Lane
{
    private static readonly int Counters = Enum.GetValues<Counter>().Length;

    private const double ChancesAll = 1L << 32;

    private readonly long[] _counts = new long[Counters];
    private readonly SipKey _limiterKey;
    private Xorshift _random;
    private ServingRules _rules = ServingRules.Open;
    private ResponseLimiter? _limiter;
    private QueryRing? _log;
    private long _interval;
    private ulong _logChances;

    /// <summary>A lane whose random numbers follow from <paramref name="seed"/>.</summary>
    public Lane(ulong seed)
    {
        _random = new Xorshift(seed);
        _limiterKey = new SipKey(seed, _random.Below(ulong.MaxValue));
    }

    /// <summary>Chance, for the order of addresses.</summary>
    public ref Xorshift Random => ref _random;

    /// <summary>Names and addresses given out.</summary>
    public NameTally Names { get; } = new();

    /// <summary>Queries on their way to the log; null until the rules want any.</summary>
    public QueryRing? Log => Volatile.Read(ref _log);

    /// <summary>What applies from the next query on.</summary>
    public ServingRules Rules
    {
        get => _rules;
        set
        {
            if (ReferenceEquals(value, _rules))
                return;
            _rules = value;
            _interval = value.ResponseIntervalMicros;
            _logChances = (ulong)(Math.Clamp(value.QueryLog, 0, 1) * ChancesAll);
            if (_interval > 0)
                _limiter ??= new ResponseLimiter(_limiterKey);
            if (_logChances > 0)
                _log ??= new QueryRing();
        }
    }

    /// <summary>Adds this lane's counters to <paramref name="sums"/>, which has a place for each <see cref="Counter"/>.</summary>
    public void AddTo(Span<long> sums)
    {
        for (var i = 0; i < Counters; i++)
            sums[i] += Volatile.Read(ref _counts[i]);
    }

    /// <summary>Counts one, or <paramref name="times"/>.</summary>
    public void Count(Counter counter, int times = 1) => _counts[(int)counter] += times;

    /// <summary>Whether a response over UDP to an asker without a good cookie may go out.</summary>
    internal LimitVerdict Limit(in Outcome outcome, in Arrival arrival) =>
        _interval == 0 ? LimitVerdict.Send : _limiter!.Charge(arrival.Source, outcome.Counter, outcome.Subject, _interval, arrival.Now);

    /// <summary>Logs the query if chance picks it.</summary>
    internal void MayLog(in Request request, in Arrival arrival, DnsRcode rcode, int answers)
    {
        if (_logChances > 0 && _random.Below(1UL << 32) < _logChances && !_log!.TryPut(request, arrival, rcode, answers))
            Count(Counter.Unlogged);
    }
}
