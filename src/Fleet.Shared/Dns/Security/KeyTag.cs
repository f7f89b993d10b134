namespace Fleet.Shared.Dns.Security;

/// <summary>The short number by which signatures and DS records say which key they mean; only a hint, because two keys may share one.</summary>
internal static class KeyTag
{
    /// <summary>The tag of a key with this DNSKEY data: its 16-bit words added up, the carry added once (RFC 4034 appendix B).</summary>
    public static ushort Compute(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (var i = 0; i < data.Length; i++)
            sum += (i & 1) == 0 ? (uint)data[i] << 8 : data[i];
        return (ushort)(sum + (sum >> 16));
    }
}
