using System.Buffers.Binary;
using Fleet.Shared.Dns;

namespace Fleet.Shared.Tests.Dns;

public class SipHashTests
{
    /// <summary>The key of the paper's appendix A, and its reference vectors: the hash of 00 01 02 ... of each length.</summary>
    private static readonly SipKey Key = SipKey.FromBytes([.. Enumerable.Range(0, 16).Select(i => (byte)i)]);

    [Theory]
    [InlineData(0, "310E0EDD47DB6F72")]
    [InlineData(1, "FD67DC93C539F874")]
    [InlineData(2, "5A4FA9D909806C0D")]
    [InlineData(3, "2D7EFBD796666785")]
    [InlineData(4, "B7877127E09427CF")]
    [InlineData(5, "8DA699CD64557618")]
    [InlineData(6, "CEE3FE586E46C9CB")]
    [InlineData(7, "37D1018BF50002AB")]
    [InlineData(8, "6224939A79F5F593")]
    [InlineData(9, "B0E4A90BDF82009E")]
    [InlineData(10, "F3B9DD94C5BB5D7A")]
    [InlineData(11, "A7AD6B22462FB3F4")]
    [InlineData(12, "FBE50E86BC8F1E75")]
    [InlineData(15, "E545BE4961CA29A1")]
    public void The_reference_vectors_hold(int length, string expected)
    {
        Span<byte> octets = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(octets, SipHash.Hash(Key, [.. Enumerable.Range(0, length).Select(i => (byte)i)]));
        Convert.ToHexString(octets).ShouldBe(expected);
    }

    [Fact]
    public void The_papers_own_example_holds() =>
        SipHash.Hash(Key, [.. Enumerable.Range(0, 15).Select(i => (byte)i)]).ShouldBe(0xA129_CA61_49BE_45E5ul);

    [Fact]
    public void A_key_does_not_say_itself() => $"{Key}".ShouldBe("SipKey");
}
