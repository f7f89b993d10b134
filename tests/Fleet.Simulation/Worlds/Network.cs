namespace Fleet.Simulation.Worlds;

/// <summary>What lies between hosts: latency with jitter, loss of datagrams, and cuts, each in one direction. The coordinator's host is <see cref="Coordinator"/>.</summary>
public sealed class Network(World world)
{
    public const string Coordinator = "coordinator";

    private readonly HashSet<(string From, string To)> cuts = [];

    /// <summary>The part of datagrams that get lost, 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>Latency of one message, microseconds.</summary>
    public (int Least, int Most) LatencyMicros { get; set; } = (100, 2000);

    /// <summary>What one way takes on top, microseconds; ways that are not named take nothing more.</summary>
    private readonly Dictionary<(string From, string To), long> far = [];

    public bool AnyCut => cuts.Count > 0;

    public bool IsCut(string from, string to) => cuts.Contains((from, to));

    public void Cut(string from, string to) => cuts.Add((from, to));

    public void Heal()
    {
        cuts.Clear();
        Loss = 0;
    }

    public void Mend(string host) => cuts.RemoveWhere(c => c.From == host || c.To == host);

    public void Stretch(string from, string to, long micros) => far[(from, to)] = micros;

    public long Latency(string from, string to) => far.GetValueOrDefault((from, to)) + world.Chance.Next(LatencyMicros.Least, LatencyMicros.Most + 1);

    /// <summary>UDP: it arrives once or never, in no particular order.</summary>
    public void Datagram(string from, string to, Action arrive)
    {
        if (IsCut(from, to) || world.Chance.NextDouble() < Loss)
            return;
        world.After(Latency(from, to), () =>
        {
            if (!IsCut(from, to))
                arrive();
        });
    }
}
