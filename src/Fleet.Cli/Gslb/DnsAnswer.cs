using System.Collections.Immutable;
using System.Net;

namespace Fleet.Cli.Gslb;

/// <summary>What one server said to one query.</summary>
/// <param name="Server">The node's name, or what the user called the server.</param>
/// <param name="Status">The response code's word, such as <c>NoError</c>, or <c>no answer</c>.</param>
/// <param name="Records">The data of the answer section in the order of the wire.</param>
/// <param name="TtlSeconds">The smallest of the records' TTLs; null without records.</param>
/// <param name="LatencyMs">From sending to reading; null where nothing came.</param>
internal sealed record DnsAnswer(
    string Server, IPEndPoint Address, string Status, ImmutableArray<string> Records, long? TtlSeconds, double? LatencyMs)
{
    public const string Silence = "no answer";

    public bool Came => Status != Silence;

    public static DnsAnswer None(string server, IPEndPoint address) => new(server, address, Silence, [], null, null);
}
