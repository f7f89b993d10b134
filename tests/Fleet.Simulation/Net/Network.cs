using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Net;

/// <summary>
/// What lies between hosts: latency with jitter and heavy tails, loss and duplication of datagrams, and cuts, each in one direction. The
/// coordinator's host is <see cref="Coordinator"/>.
/// </summary>
public sealed class Network(Scheduler scheduler, Random chance)
{
    public const string Coordinator = "coordinator";

    private readonly HashSet<(string From, string To)> _cuts = [];

    /// <summary>What one way takes on top, microseconds; ways that are not named take nothing more.</summary>
    private readonly Dictionary<(string From, string To), long> _far = [];

    /// <summary>The part of datagrams that get lost, 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>The part of datagrams that come twice, 0 to 1.</summary>
    public double Twice { get; set; }

    /// <summary>Latency of one message, microseconds.</summary>
    public (int Least, int Most) LatencyMicros { get; set; } = (100, 2000);

    /// <summary>The part of messages that take much longer, 0 to 1, and up to how much, microseconds.</summary>
    public (double Part, int Most) Tail { get; set; }

    public bool AnyCut => _cuts.Count > 0;

    /// <summary>Some way is cut, loses messages, or takes longer than usual now and then.</summary>
    public bool IsTroubled => AnyCut || Loss > 0 || Tail.Part > 0;

    /// <summary>What no message takes longer than, on its way, as long as nothing is troubled.</summary>
    public long SlowestMicros => LatencyMicros.Most + _far.Values.DefaultIfEmpty(0).Max();

    public bool IsCut(string from, string to) => _cuts.Count > 0 && _cuts.Contains((from, to));

    public void Cut(string from, string to) => _cuts.Add((from, to));

    public void Mend(string from, string to) => _cuts.Remove((from, to));

    public void Heal()
    {
        _cuts.Clear();
        (Loss, Twice, Tail) = (0, 0, default);
    }

    public void Stretch(string from, string to, long micros) => _far[(from, to)] = micros;

    public long Latency(string from, string to)
    {
        var tail = Tail.Part > 0 && chance.NextDouble() < Tail.Part ? chance.Next(Tail.Most) : 0;
        return _far.GetValueOrDefault((from, to)) + tail + chance.Next(LatencyMicros.Least, LatencyMicros.Most + 1);
    }

    /// <summary>UDP: it arrives once, twice or never, in no particular order.</summary>
    public void Datagram(string from, string to, Action arrive)
    {
        var copies = Twice > 0 && chance.NextDouble() < Twice ? 2 : 1;
        for (; copies > 0; copies--)
        {
            if (IsCut(from, to) || (Loss > 0 && chance.NextDouble() < Loss))
                continue;
            scheduler.After(Latency(from, to), () =>
            {
                if (!IsCut(from, to))
                    arrive();
            });
        }
    }
}
