using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// Whom an answer is for: the client subnet where the resolver gives one, otherwise the asker. A subnet of /0 says "do not look at my client" (RFC
/// 7871 7.1.2): then the answer is for the asker, too. Remembers how many bits the answer has come to depend on.
/// </summary>
internal ref struct Client
{
    private readonly ClientTable _table;
    private readonly UInt128 _address;
    private readonly bool _isV6;
    private readonly bool _isSubnet;

    public Client(ClientTable table, ClientSubnet? subnet, ReadOnlySpan<byte> source)
    {
        _table = table;
        if (subnet is { SourcePrefix: > 0 } given)
        {
            (_address, _isV6, _isSubnet) = (given.Address, given.Family == 2, true);
            return;
        }

        (_address, _isV6) = (Prefix.BitsOf(source), source.Length == 16);
    }

    /// <summary>SCOPE PREFIX-LENGTH of the answer so far: 0 is good for everybody (RFC 7871 7.2.1).</summary>
    public byte Scope { get; private set; }

    /// <summary>Index of the client's site; -1 is none. The answer depends on it from now on.</summary>
    public int Site()
    {
        var place = _table.Find(_address, _isV6);
        Depend(place.Scope);
        return place.Site;
    }

    /// <summary>The client's network as a hash. The answer depends on it from now on.</summary>
    public ulong Network()
    {
        var bits = ClientNetwork.BitsOf(_isV6);
        Depend((byte)bits);
        return Mixing.Mix(_address & Prefix.MaskOf(bits));
    }

    private void Depend(byte bits)
    {
        if (_isSubnet && bits > Scope)
            Scope = bits;
    }
}
