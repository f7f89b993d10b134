using System.Security.Cryptography;
using System.Text;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Tests.Protocol;

public sealed class WitnessDatagramTests
{
    private const int Cover = 13;
    private const int Run = 29;
    private const int ToRun = 37;
    private const int Name = 45;

    private static readonly WitnessDatagram Revive = new(WitnessKind.Revive, new NodeName("adc-1"), 7, 1_400_000)
    {
        Origin = 0xFEDC_BA98_7654_3210,
        Run = new Incarnation(1_772_366_400_000_000),
        ToRun = new Incarnation(3),
    };

    [Theory]
    [InlineData(WitnessKind.Probe, 0)]
    [InlineData(WitnessKind.Vouch, 0)]
    [InlineData(WitnessKind.Revive, 1_400_000)]
    [InlineData(WitnessKind.Introduce, 0)]
    public void Every_kind_comes_back_as_it_was_written(WitnessKind kind, long cover)
    {
        var datagram = Revive with { Kind = kind, CoverMicros = cover };
        TryRead(Written(datagram), out var read).ShouldBeTrue();
        read.ShouldBe(datagram);
    }

    [Fact]
    public void Addressee_whose_run_is_not_known_has_none()
    {
        TryRead(Written(Revive with { ToRun = Incarnation.None }), out var read).ShouldBeTrue();
        read.ToRun.ShouldBe(Incarnation.None);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(255)]
    public void Kind_that_nobody_knows_is_not_read(byte kind) => IsRead(4, kind).ShouldBeFalse();

    [Fact]
    public void Bytes_that_are_of_something_else_are_not_read() => IsRead(3, (byte)'1').ShouldBeFalse();

    [Fact]
    public void Lease_that_ends_in_the_future_has_not_run_out_and_is_not_read() =>
        IsRead(Cover, 0x80).ShouldBeFalse("the highest bit of the cover makes it negative");

    [Theory]
    [InlineData(Run)]
    [InlineData(ToRun)]
    public void Run_that_is_none_is_not_read(int at) => IsRead(at, 0x80).ShouldBeFalse("the highest bit makes it negative");

    [Fact]
    public void Sender_that_does_not_say_its_run_is_not_read() => TryRead(Written(Revive with { Run = Incarnation.None }), out _).ShouldBeFalse();

    [Fact]
    public void Name_that_the_fleet_does_not_allow_is_not_read() => IsRead(Name + 4, (byte)' ').ShouldBeFalse();

    [Fact]
    public void Datagram_without_a_name_is_not_read() => TryRead(Written(Revive with { From = new NodeName("") }), out _).ShouldBeFalse();

    [Fact]
    public void Without_a_key_the_mac_is_zero_and_a_datagram_that_has_one_is_not_read()
    {
        Written(Revive)[^WitnessDatagram.MacSize..].ShouldAllBe(octet => octet == 0);
        for (var i = 1; i <= WitnessDatagram.MacSize; i++)
            IsRead(^i, 1).ShouldBeFalse($"byte {i} from the end");
        TryRead(Written(Revive, new KeyedSeal("key")), out _).ShouldBeFalse();
    }

    [Fact]
    public void With_a_key_every_single_byte_is_sealed_and_only_the_same_key_opens_it()
    {
        var seal = new KeyedSeal("key");
        var bytes = Written(Revive, seal);
        WitnessDatagram.TryRead(bytes, seal, out var read).ShouldBeTrue();
        read.ShouldBe(Revive);
        WitnessDatagram.TryRead(bytes, new KeyedSeal("another"), out _).ShouldBeFalse();
        WitnessDatagram.TryRead(Written(Revive), seal, out _).ShouldBeFalse("nobody has sealed it");
        for (var i = 0; i < bytes.Length; i++)
        {
            var forged = bytes.ToArray();
            forged[i] ^= 1;
            WitnessDatagram.TryRead(forged, seal, out _).ShouldBeFalse($"byte {i}");
        }
    }

    private static bool IsRead(Index at, byte octet)
    {
        var bytes = Written(Revive);
        bytes[at] = octet;
        return TryRead(bytes, out _);
    }

    private static bool TryRead(byte[] bytes, out WitnessDatagram read) => WitnessDatagram.TryRead(bytes, NoSeal.Instance, out read);

    private static byte[] Written(WitnessDatagram datagram, IDatagramSeal? seal = null)
    {
        var bytes = new byte[WitnessDatagram.SizeMax];
        return bytes[..datagram.Write(bytes, seal ?? NoSeal.Instance)];
    }

    /// <summary>What may come: an HMAC of the fleet's key.</summary>
    private sealed class KeyedSeal(string key) : IDatagramSeal
    {
        public void Seal(ReadOnlySpan<byte> content, Span<byte> mac) => Mac(content).CopyTo(mac);

        public bool IsSound(ReadOnlySpan<byte> content, ReadOnlySpan<byte> mac) => CryptographicOperations.FixedTimeEquals(Mac(content), mac);

        private byte[] Mac(ReadOnlySpan<byte> content) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), content)[..WitnessDatagram.MacSize];
    }
}
