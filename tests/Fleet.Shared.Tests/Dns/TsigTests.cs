using Fleet.Shared.Dns;

namespace Fleet.Shared.Tests.Dns;

/// <summary>
/// Signatures as dnspython 2.3 makes them, of the key <c>fleet.example</c> with the octets 0 to 31 as secret, at 1,700,000,000 seconds.
/// </summary>
public sealed class TsigTests
{
    private const ulong Then = 1_700_000_000;

    private const string Request256 =
        "123428000001000200030001076578616d706c65036e6574000006000103776562c00c000100fe0000000000000c5f666c6565742d6f776e6572c01d0010000100000000"
            + "000b0a666c6565743d70726f64c01d000100010000000500040a000001c01d000100fe0000000000040a000002c01d001c00ff00000000000005666c6565740765"
            + "78616d706c650000fa00ff00000000003d0b686d61632d7368613235360000006553f100012c00204b58fb705e88ffd550d6f89afab711d5fcf19d896ed2959a64"
            + "8d0a2511cf40b3123400000000";

    private const string Response256 =
        "1234a8000001000000000001076578616d706c65036e6574000006000105666c656574076578616d706c650000fa00ff00000000003d0b686d61632d7368613235360000"
            + "006553f100012c0020a67185f8b0c5dca320bc4ea5504f01277724740388dd46a6a5af3f8863beca41123400000000";

    private const string Request512 =
        "123428000001000200030001076578616d706c65036e6574000006000103776562c00c000100fe0000000000000c5f666c6565742d6f776e6572c01d0010000100000000"
            + "000b0a666c6565743d70726f64c01d000100010000000500040a000001c01d000100fe0000000000040a000002c01d001c00ff00000000000005666c6565740765"
            + "78616d706c650000fa00ff00000000005d0b686d61632d7368613531320000006553f100012c00404b5702280983795c900ea4dccc66f6272377a4fcec01a9f8bb"
            + "8e48dc5b718ecda1de28d80bd3bbd665cc50f27fe8172a5dbf771d59a9b5df04f0b2130d2ed625123400000000";

    private const string Response512 =
        "1234a8000001000000000001076578616d706c65036e6574000006000105666c656574076578616d706c650000fa00ff00000000005d0b686d61632d7368613531320000"
            + "006553f100012c00407f1358a4eed39461b4e32d2bb55f0c9ee5e3dacabe6a45fadb276ad8542fa028d0aecf91266dbd5815ce3d2e49e2583415975292a64f8206"
            + "63a4f1387e4464b3123400000000";

    private const string TransferMac = "02fb6a14310436497cffa207f7f761123db4267b191af295e32b19ef78e02a29";

    private static readonly string[] Transfer =
    [
        "007784000001000100000001076578616d706c65036e65740000fc0001c00c00060001000000050027036e7331c00c0a686f73746d6173746572c00c0000000100000e10"
            + "00000258000151800000003c05666c656574076578616d706c650000fa00ff00000000003d0b686d61632d7368613235360000006553f100012c0020b8e4368d19"
            + "627ae0db0a5a7bbafeb40390be4aee0e869636ff1906f3f37c2855007700000000",
        "00778400000000010000000003776562076578616d706c65036e657400000100010000000500040a000001",
        "00778400000000010000000103776562076578616d706c65036e657400000100010000000500040a00000205666c656574076578616d706c650000fa00ff00000000003d"
            + "0b686d61632d7368613235360000006553f100012c00201d3e3457c150f63d56c10a9e18720eeae211f8b48bcc99d5fbc671e09ec4d165007700000000",
        "007784000000000100000001076578616d706c65036e65740000060001000000050027036e7331c00c0a686f73746d6173746572c00c0000000100000e10000002580001"
            + "51800000003c05666c656574076578616d706c650000fa00ff00000000003d0b686d61632d7368613235360000006553f100012c002052022d29de29bd3dc58045"
            + "ed2e453f5cc6d04aca7b7afde0e4a31b9b5b4a927e007700000000",
    ];

    [Theory]
    [InlineData(TsigAlgorithm.HmacSha256, Request256)]
    [InlineData(TsigAlgorithm.HmacSha512, Request512)]
    public void Request_is_signed_as_others_sign_it(TsigAlgorithm algorithm, string request)
    {
        var expected = Convert.FromHexString(request);
        TsigRecord.TryFind(expected, out var record, out var start).ShouldBeTrue();
        var bare = expected[..start];
        bare[11] = 0;
        Convert.ToHexStringLower(Tsig.Sign(bare, Key(algorithm), Then, [], out var mac)).ShouldBe(request);
        mac.ShouldBe(record!.Mac);
    }

    [Theory]
    [InlineData(TsigAlgorithm.HmacSha256, Request256, Response256)]
    [InlineData(TsigAlgorithm.HmacSha512, Request512, Response512)]
    public void Response_is_of_its_request(TsigAlgorithm algorithm, string request, string response)
    {
        var mac = MacOf(request);
        Tsig.Verify(Convert.FromHexString(response), Key(algorithm), Then, mac).Outcome.ShouldBe(TsigOutcome.Good);
        mac[3] ^= 1;
        Tsig.Verify(Convert.FromHexString(response), Key(algorithm), Then, mac).Outcome.ShouldBe(TsigOutcome.Forged);
    }

    [Fact]
    public void No_octet_of_a_signed_message_can_be_changed()
    {
        var response = Convert.FromHexString(Response256);
        var mac = MacOf(Request256);
        for (var at = 0; at < response.Length; at++)
        {
            // The id on the wire is not signed, the one in the signature is (RFC 8945 4.3.2): forwarders may change it.
            if (at < 2)
                continue;
            var changed = response.ToArray();
            changed[at] ^= 0x40;
            Tsig.Verify(changed, Key(), Then, mac).Outcome.ShouldNotBe(TsigOutcome.Good, $"octet {at}");
        }
    }

    [Theory]
    [InlineData(0, TsigOutcome.Good)]
    [InlineData(300, TsigOutcome.Good)]
    [InlineData(-300, TsigOutcome.Good)]
    [InlineData(301, TsigOutcome.OutOfTime)]
    [InlineData(-301, TsigOutcome.OutOfTime)]
    public void Signature_holds_within_its_fudge(int seconds, TsigOutcome outcome) =>
        Tsig.Verify(Convert.FromHexString(Response256), Key(), (ulong)((long)Then + seconds), MacOf(Request256)).Outcome.ShouldBe(outcome);

    [Fact]
    public void Signature_cut_short_is_refused_though_its_octets_are_right()
    {
        var request = Convert.FromHexString(Request256);
        TsigRecord.TryFind(request, out var record, out var start).ShouldBeTrue();
        var buffer = new byte[1024];
        var writer = new DnsWriter(buffer);
        writer.WriteBytes(request.AsSpan(0, start));
        (record! with { Mac = record.Mac[..16] }).Write(ref writer);
        Tsig.Verify(writer.Written, Key(), Then, []).Outcome.ShouldBe(TsigOutcome.Forged);
    }

    [Fact]
    public void Only_the_one_key_and_algorithm_will_do()
    {
        var request = Convert.FromHexString(Request256);
        Tsig.Verify(request, Key(), Then, []).Outcome.ShouldBe(TsigOutcome.Good);
        Tsig.Verify(request, Key(TsigAlgorithm.HmacSha512), Then, []).Outcome.ShouldBe(TsigOutcome.OtherKey);
        Tsig.Verify(request, new TsigKey(DnsName.Parse("other.example"), TsigAlgorithm.HmacSha256, Secret), Then, []).Outcome
            .ShouldBe(TsigOutcome.OtherKey);
        Tsig.Verify(request, new TsigKey(DnsName.Parse("fleet.example"), TsigAlgorithm.HmacSha256, Secret.AsSpan(1)), Then, []).Outcome
            .ShouldBe(TsigOutcome.Forged);
    }

    [Fact]
    public void Message_without_a_signature_proves_nothing() => Tsig.Verify(Plain(), Key(), Then, []).Outcome.ShouldBe(TsigOutcome.Unsigned);

    [Fact]
    public void Signature_that_is_not_the_last_record_makes_the_message_malformed()
    {
        var signed = Tsig.Sign(Plain(), Key(), Then, [], out _);
        byte[] followed = [.. signed, 0, 0, (byte)DnsType.Opt, 4, 0xD0, 0, 0, 0, 0, 0, 0];
        followed[11]++;
        Tsig.Verify(followed, Key(), Then, []).Outcome.ShouldBe(TsigOutcome.Malformed);
    }

    [Fact]
    public void Answer_in_several_messages_may_leave_some_unsigned()
    {
        var stream = new TsigStream(Key(), Convert.FromHexString(TransferMac));
        foreach (var (message, isSealed) in Transfer.Zip([true, false, true, true]))
        {
            stream.Take(Convert.FromHexString(message), Then).Outcome.ShouldBe(TsigOutcome.Good);
            stream.IsSealed.ShouldBe(isSealed);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Message_of_several_that_was_changed_shows_at_the_next_signature(int changed)
    {
        var stream = new TsigStream(Key(), Convert.FromHexString(TransferMac));
        var outcomes = Transfer.Select((hex, i) =>
        {
            var message = Convert.FromHexString(hex);
            message[DnsHeader.Size + 2] ^= (byte)(i == changed ? 1 : 0);
            return stream.Take(message, Then).Outcome;
        }).ToArray();
        outcomes.ShouldContain(TsigOutcome.Forged);
    }

    [Fact]
    public void More_than_99_messages_in_a_row_without_a_signature_are_not_believed()
    {
        var stream = new TsigStream(Key(), Convert.FromHexString(TransferMac));
        stream.Take(Convert.FromHexString(Transfer[0]), Then).Outcome.ShouldBe(TsigOutcome.Good);
        for (var i = 0; i < TsigStream.UnsignedMax; i++)
            stream.Take(Convert.FromHexString(Transfer[1]), Then).Outcome.ShouldBe(TsigOutcome.Good);
        stream.Take(Convert.FromHexString(Transfer[1]), Then).Outcome.ShouldBe(TsigOutcome.Unsigned);
    }

    [Fact]
    public void Nothing_that_comes_off_the_wire_throws()
    {
        var random = new Random(8945);
        var request = Convert.FromHexString(Request256);
        for (var i = 0; i < 50_000; i++)
        {
            var mutated = request[..random.Next(request.Length + 1)];
            for (var changes = random.Next(4); changes > 0 && mutated.Length > 0; changes--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            Tsig.Verify(mutated, Key(), Then, [1, 2, 3]).Outcome.ShouldNotBe(TsigOutcome.Good);
            new TsigStream(Key(), []).Take(mutated, Then);
            new ZoneTransfer(DnsName.Parse("example.net"), 0x1234, Key(), []).Take(mutated, Then).ShouldNotBeNull();
        }
    }

    private static byte[] Secret => [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static TsigKey Key(TsigAlgorithm algorithm = TsigAlgorithm.HmacSha256) => new(DnsName.Parse("fleet.example"), algorithm, Secret);

    private static byte[] MacOf(string request)
    {
        TsigRecord.TryFind(Convert.FromHexString(request), out var record, out _).ShouldBeTrue();
        return record!.Mac;
    }

    private static byte[] Plain()
    {
        var buffer = new byte[DnsQuery.SizeMax];
        return buffer[..(new DnsQuery(7, DnsName.Parse("example.net"), DnsType.Axfr) { Edns = null }).Write(buffer)];
    }
}
