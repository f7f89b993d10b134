using Fleet.Shared.Dns;

namespace Fleet.Node.Tests.Gslb.Signing;

/// <summary>The data of an NSEC, read.</summary>
internal sealed record NsecData(DnsName Next, DnsType[] Types)
{
    public static NsecData Read(DnsRecord record)
    {
        record.Type.ShouldBe(DnsType.Nsec);
        byte[] data = [.. record.Data];
        DnsNameWire.TryMeasurePlain(data, 0, out var length).ShouldBeTrue();
        DnsName.TryFromWire(data.AsSpan(0, length), out var next).ShouldBeTrue();
        var types = new List<DnsType>();
        for (var at = length; at < data.Length; at += 2 + data[at + 1])
        {
            data[at + 1 + data[at + 1]].ShouldNotBe((byte)0, "an octet of zero ends the bitmap");
            for (var bit = 0; bit < 8 * data[at + 1]; bit++)
            {
                if ((data[at + 2 + (bit / 8)] & (0x80 >> (bit % 8))) != 0)
                    types.Add((DnsType)((data[at] << 8) | bit));
            }
        }

        return new NsecData(next!, [.. types]);
    }
}
