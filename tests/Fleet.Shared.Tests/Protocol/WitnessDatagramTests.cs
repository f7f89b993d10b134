using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Tests.Protocol;

public sealed class WitnessDatagramTests
{
    private static readonly WitnessDatagram Revive = new(WitnessKind.Revive, new NodeName("adc-1"), 7, 1_400_000);

    [Theory]
    [InlineData(WitnessKind.Probe, 0)]
    [InlineData(WitnessKind.Vouch, 0)]
    [InlineData(WitnessKind.Revive, 1_400_000)]
    public void Every_kind_comes_back_as_it_was_written(WitnessKind kind, long cover)
    {
        var datagram = Revive with { Kind = kind, CoverMicros = cover };
        WitnessDatagram.TryRead(Written(datagram), out var read).ShouldBeTrue();
        read.ShouldBe(datagram);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(255)]
    public void Kind_that_nobody_knows_is_not_read(byte kind)
    {
        var bytes = Written(Revive with { Kind = WitnessKind.Probe, CoverMicros = 0 });
        bytes[4] = kind;
        WitnessDatagram.TryRead(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void Bytes_that_are_of_something_else_are_not_read() => IsRead(3, (byte)'2').ShouldBeFalse();

    [Fact]
    public void Lease_that_ends_in_the_future_has_not_run_out_and_is_not_read() =>
        IsRead(13, 0x80).ShouldBeFalse("the highest bit of the cover makes it negative");

    [Fact]
    public void Name_that_the_fleet_does_not_allow_is_not_read() => IsRead(^1, (byte)' ').ShouldBeFalse();

    [Fact]
    public void Datagram_without_a_name_is_not_read() => WitnessDatagram.TryRead(Written(Revive).AsSpan()[..21], out _).ShouldBeFalse();

    private static bool IsRead(Index at, byte octet)
    {
        var bytes = Written(Revive);
        bytes[at] = octet;
        return WitnessDatagram.TryRead(bytes, out _);
    }

    private static byte[] Written(WitnessDatagram datagram)
    {
        var bytes = new byte[WitnessDatagram.SizeMax];
        return bytes[..datagram.Write(bytes)];
    }
}
