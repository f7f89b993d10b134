using System.Net;

namespace Fleet.Benchmarks.Dns.Scenario;

/// <summary>
/// What every server is asked and has to answer: names below one zone, client networks that belong to one of two sites, and in each site two
/// addresses of different weight for each name, of which one is answered.
/// </summary>
public sealed record Workload(int Names, int Prefixes)
{
    public const string Zone = "bench.test";
    public const int Sites = 2;
    public const int AddressesPerSite = 2;
    public const int NodesPerSite = 4;

    private const uint FirstNetwork = 16u << 24;
    private const uint FirstAddress = 10u << 24;

    /// <summary>Networks that queries come from: a sixteenth of them belongs to no site.</summary>
    public int Networks => Prefixes + Math.Max(1, Prefixes / 16);

    /// <summary>All names are of one length, and so are all queries.</summary>
    public static string Label(int name) => $"svc-{name:D5}";

    public static string FullName(int name) => $"{Label(name)}.{Zone}";

    /// <summary>The /24 network of that number, as an address in host order.</summary>
    public static uint Network(int network) => FirstNetwork + ((uint)network << 8);

    public static string Cidr(int network) => $"{AddressOf(Network(network))}/24";

    /// <summary>The site of a network, scattered so that neighbours do not melt into one prefix.</summary>
    public static int SiteOf(int prefix) => (int)(((uint)prefix * 2_654_435_761u) >> 31);

    public static IPAddress Address(int name, int site, int which) =>
        AddressOf(FirstAddress + (uint)((((name * Sites) + site) * AddressesPerSite) + which) + 1);

    /// <summary>The node that holds an address; each address of a name has another one.</summary>
    public static int NodeOf(int name, int which) => (name + which) % NodesPerSite;

    /// <summary>The weight of a node's addresses, 1 to 255.</summary>
    public static int WeightOf(int node) => 60 * (node + 1);

    private static IPAddress AddressOf(uint host) => new([(byte)(host >> 24), (byte)(host >> 16), (byte)(host >> 8), (byte)host]);
}
