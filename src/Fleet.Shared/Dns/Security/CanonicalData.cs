namespace Fleet.Shared.Dns.Security;

/// <summary>
/// RDATA as it is signed (RFC 4034 6.2, RFC 6840 5.1): names in the older types are uncompressed and in lower case, all else stays as it is.
/// </summary>
public static class CanonicalData
{
    /// <summary>Copies the data of <paramref name="record"/>; false if it is malformed or does not fit.</summary>
    /// <param name="message">The whole message: names in the data may point into it.</param>
    /// <param name="record">A record of that message.</param>
    /// <param name="data">Takes the data.</param>
    /// <param name="length">Octets written.</param>
    public static bool TryCopy(ReadOnlySpan<byte> message, in DnsRecordView record, Span<byte> data, out int length)
    {
        (var before, var names, var after) = DataLayout.ForType(record.Type);
        length = 0;
        if (names == 0)
        {
            length = record.Data.Length;
            return record.Data.TryCopyTo(data);
        }

        if (record.Data.Length < before || !record.Data[..before].TryCopyTo(data))
            return false;
        length = before;
        var at = record.DataAt + before;
        for (; names > 0; names--)
        {
            if (!DnsNameWire.TryRead(message, at, data[length..], out var octets, out at))
                return false;
            DnsNameWire.ToCanonical(data.Slice(length, octets), data[length..]);
            length += octets;
        }

        if (record.Next - at != after || !message.Slice(at, after).TryCopyTo(data[length..]))
            return false;
        length += after;
        return true;
    }
}
