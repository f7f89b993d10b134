using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>Whose records are being answered.</summary>
/// <param name="Authority">The zone of the name; null where an alias led out of all zones, to be followed by somebody else.</param>
/// <param name="Prefix">Octets of the name in front of the zone.</param>
/// <param name="Entry">Null where there is no such name.</param>
/// <param name="OwnerAt">Where the name stands in the message.</param>
/// <param name="Name">The name; null where it is the one that was asked for.</param>
internal readonly record struct AnswerPlace(ZoneAuthority? Authority, int Prefix, NameEntry? Entry, int OwnerAt, DnsName? Name = null);

/// <summary>
/// Follows CNAMEs within the zones, writing each (RFC 1034 4.3.2). Whether a name exists is answered for the last name (RFC 6604 3).
/// </summary>
internal static class AliasChain
{
    /// <summary>More than this many in a row are a mistake: the chain is cut there.</summary>
    private const int LinksMax = 8;

    private const int DataAt = 2 + DnsRecordView.FixedSize;

    public static AnswerPlace Follow(ZoneSnapshot zone, AnswerPlace place, DnsType type, ref ReplyDraft draft)
    {
        if (type is DnsType.Cname or DnsType.Any or DnsType.Rrsig or DnsType.Nsec)
            return place; // these stand beside a CNAME (RFC 4035 2.5)
        for (var links = 0; links < LinksMax && place.Entry?.Alias is { } alias; links++)
        {
            var recordAt = draft.Writer.Position;
            draft.Answers += alias.Record.Write(ref draft.Writer, place.OwnerAt);
            var target = alias.Target.Wire;
            var authority = zone.AuthorityOf(target, type, out var prefix);
            place = new AnswerPlace(authority, prefix, authority is null ? null : zone.Find(target), recordAt + DataAt, alias.Target);
        }

        return place.Entry?.Alias is null ? place : place with { Authority = null, Entry = null };
    }
}
