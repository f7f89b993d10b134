using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Shared.Tests.Dns.Security;

public class DnsKeyTests
{
    /// <summary>The key of RFC 6605 6.1.</summary>
    private const string PublicText = "example.net. 3600 IN DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb "
        + "krSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==";
    private const string PrivateText = "Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: "
        + "GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=\n";

    private static readonly DnsName Zone = DnsName.Parse("example.net");

    [Fact]
    public void The_key_of_rfc_6605_has_its_tag_and_ds()
    {
        KeyFileText.TryRead(PublicText, PrivateText, out var key, out var complaint).ShouldBeTrue(complaint);
        key!.Zone.ShouldBe(Zone);
        key.Key.Tag.ShouldBe((ushort)55648);
        key.Key.IsKeySigning.ShouldBeTrue();
        key.Key.ToDsText(Zone).ShouldBe("55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17");
        key.FileName.ShouldBe("Kexample.net.+013+55648");
    }

    [Fact]
    public void The_key_tag_of_rfc_4034_comes_out()
    {
        const string key = "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvx"
            + "egXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==";
        KeyTag.Compute([1, 0, 3, 5, .. Convert.FromBase64String(key)]).ShouldBe((ushort)60485);
    }

    [Fact]
    public void A_key_is_written_and_read_back_with_its_times()
    {
        var times = new KeyTimes
        {
            Created = 1_800_000_000,
            Publish = 1_800_000_001,
            Activate = 1_800_000_002,
            Inactive = 1_800_000_003,
            Delete = 1_800_000_004,
            SyncPublish = 1_800_000_005,
        };
        var key = Rfc6605().With(times);
        KeyFileText.TryRead(KeyFileText.PrintPublic(key), KeyFileText.PrintPrivate(key), out var read, out var complaint)
            .ShouldBeTrue(complaint);
        read!.Times.ShouldBe(times);
        read.Key.ShouldBe(key.Key);
        read.Secret.SequenceEqual(key.Secret).ShouldBeTrue();
        KeyFileText.PrintPrivate(key)
            .ShouldStartWith(
                "Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=\nCreated: "
                + "20270115080000\n");
        KeyFileText.PrintPublic(key)
            .ShouldEndWith(
                "example.net. 3600 IN DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==\n");
    }

    /// <summary>A key that BIND 9.18 made: one of 256 begins with a zero, which its file leaves out.</summary>
    [Fact]
    public void A_private_key_that_begins_with_a_zero_may_be_an_octet_shorter()
    {
        const string publicText = "t27.test. IN DNSKEY 256 3 13 U0CEurjUYUfpphFfyAONPcGMgkOMyqZECetof3xm+1Bmt9mNU1oaZcDK "
            + "ChZ4EocC770xUN0KWFXicCHd5S/Ouw==";
        const string privateText = "Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: "
            + "dstQrnzRwlqQ0z29OgwPQ+JgyjCuI7F2vB1q0mNo7w==\n";
        KeyFileText.TryRead(publicText, privateText, out var key, out var complaint).ShouldBeTrue(complaint);
        key!.Key.Tag.ShouldBe((ushort)11791);
        key.Secret[0].ShouldBe((byte)0);
        KeyFileText.TryRead(KeyFileText.PrintPublic(key), KeyFileText.PrintPrivate(key), out var again, out complaint).ShouldBeTrue(complaint);
        again!.Secret.SequenceEqual(key.Secret).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", PrivateText, "no DNSKEY record")]
    [InlineData("example.net. IN DNSKEY 257 3 8 AwEAAQ==", PrivateText, "algorithm is 8")]
    [InlineData("example.net. IN DNSKEY 0 3 13 AwEAAQ==", PrivateText, "flags 0")]
    [InlineData("example.net. IN DNSKEY 257 3 13 AwEAAQ==", PrivateText, "64 octets")]
    [InlineData("a..b IN DNSKEY 257 3 13 AwEAAQ==", PrivateText, "not a domain name")]
    [InlineData(PublicText, "", "not a private key in the format")]
    [InlineData(PublicText, "Private-key-format: v1.3\nAlgorithm: 15 (ED25519)\n", "not 13")]
    [InlineData(PublicText, "Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: c2VjcmV0\n", "32 octets")]
    [InlineData(PublicText, PrivateText + "Activate: soon\n", "'Activate'")]
    [InlineData(
        PublicText,
        "Private-key-format: v1.3\nAlgorithm: 13 (E)\nPrivateKey: GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mU=\n",
        "does not belong")]
    [InlineData(
        PublicText,
        "Private-key-format: v1.3\nAlgorithm: 13 (E)\nPrivateKey: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "does not belong")]
    public void What_is_wrong_with_a_key_file_is_said_without_the_secret(string publicText, string privateText, string says)
    {
        KeyFileText.TryRead(publicText, privateText, out var key, out var complaint).ShouldBeFalse();
        key.ShouldBeNull();
        complaint.ShouldNotBeNull().ShouldContain(says);
        complaint.ShouldNotContain("GU6SnQ");
        complaint.ShouldNotContain("c2VjcmV0");
    }

    [Fact]
    public void A_key_prints_as_the_name_of_its_file_and_nothing_else() => Rfc6605().ToString().ShouldBe("Kexample.net.+013+55648");

    [Theory]
    [InlineData(99, KeyState.Waiting)]
    [InlineData(100, KeyState.Published)]
    [InlineData(200, KeyState.Active)]
    [InlineData(300, KeyState.Retired)]
    [InlineData(400, KeyState.Removed)]
    public void A_key_goes_through_its_states(long now, KeyState state)
    {
        var times = new KeyTimes { Publish = 100, Activate = 200, Inactive = 300, Delete = 400, SyncPublish = 150 };
        times.StateAt(now).ShouldBe(state);
        times.IsOfferedAt(now).ShouldBe(now is 200);
        times.NextChangeAfter(now).ShouldBe(now switch { 99 => 100, 100 => 150, 200 => 300, 300 => 400, _ => null });
    }

    [Fact]
    public void A_key_without_times_does_nothing() => new KeyTimes().StateAt(long.MaxValue).ShouldBe(KeyState.Waiting);

    private static ZoneKey Rfc6605()
    {
        KeyFileText.TryRead(PublicText, PrivateText, out var key, out var complaint).ShouldBeTrue(complaint);
        return key!;
    }
}
