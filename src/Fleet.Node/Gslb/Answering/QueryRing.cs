using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// Queries on their way to the log: one thread puts in and never waits, another takes out. What does not fit is not logged.
/// </summary>
internal sealed class QueryRing
{
    private const int Places = 256;

    private readonly Place[] _places = new Place[Places];
    private readonly byte[] _names = new byte[Places * DnsNameWire.LengthMax];
    private long _put;
    private long _taken;

    /// <summary>Puts in a query and its reply; false if there is no room.</summary>
    internal bool TryPut(in Request request, in Arrival arrival, DnsRcode rcode, int answers)
    {
        if (_put - Volatile.Read(ref _taken) == Places)
            return false;
        var at = (int)(_put % Places);
        var v4 = arrival.Source.Length == 4;
        var client = new ClientSubnet((ushort)(v4 ? 1 : 2), (byte)(v4 ? 32 : 128), 0, Prefix.BitsOf(arrival.Source));
        _places[at] = new Place(
            arrival.Now, client, request.Edns.Subnet, request.Question.Name.Length, request.Question.Type, rcode, answers, arrival.OverTcp);
        request.Question.Name.CopyTo(_names.AsSpan(at * DnsNameWire.LengthMax));
        Volatile.Write(ref _put, _put + 1);
        return true;
    }

    /// <summary>Takes out the oldest, or null.</summary>
    public QueryLine? Take()
    {
        if (_taken == Volatile.Read(ref _put))
            return null;
        var at = (int)(_taken % Places);
        var place = _places[at];
        var name = DnsName.TryFromWire(_names.AsSpan(at * DnsNameWire.LengthMax, place.NameLength), out var read) ? read : null;
        Volatile.Write(ref _taken, _taken + 1);
        return new QueryLine(
            place.At,
            TextOf(place.Client),
            place.Subnet is { } subnet ? TextOf(subnet) : null,
            name,
            place.Type,
            place.Rcode,
            place.Answers,
            place.OverTcp);
    }

    private static string TextOf(ClientSubnet subnet)
    {
        var isV6 = subnet.Family == 2;
        var bits = Math.Min(subnet.SourcePrefix, ClientNetwork.BitsOf(isV6));
        return new Prefix(subnet.Address & Prefix.MaskOf(bits), (byte)bits, isV6).ToString();
    }

    private readonly record struct Place(
        Instant At, ClientSubnet Client, ClientSubnet? Subnet, int NameLength, DnsType Type, DnsRcode Rcode, int Answers, bool OverTcp);
}

/// <summary>A query that was picked for the log. Only the client's network is recorded.</summary>
/// <param name="At">When it came in, on the host's clock.</param>
/// <param name="Client">The network of whoever sent it, /24 or /56.</param>
/// <param name="Subnet">The client subnet that the query gave, if any, no longer than these.</param>
/// <param name="Name">The name asked for; null where there was none.</param>
/// <param name="Type">The type asked for.</param>
/// <param name="Rcode">What was replied.</param>
/// <param name="Answers">How many records of answer.</param>
/// <param name="OverTcp">Whether it came over TCP.</param>
internal sealed record QueryLine(
    Instant At, string Client, string? Subnet, DnsName? Name, DnsType Type, DnsRcode Rcode, int Answers, bool OverTcp)
{
    /// <summary>One line without the time: <c>192.0.2.0/24 udp s3.fleet.test A NOERROR 4 ecs 198.51.100.0/24</c>.</summary>
    public override string ToString() =>
        $"{Client} {(OverTcp ? "tcp" : "udp")} {Name?.ToString() ?? "-"} {TypeText} {Rcode.ToString().ToUpperInvariant()} "
        + $"{Answers}{(Subnet is null ? "" : $" ecs {Subnet}")}";

    private string TypeText => Enum.IsDefined(Type) ? Type.ToString().ToUpperInvariant() : $"TYPE{(ushort)Type}";
}
