using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Tests.Protocol;

public sealed class WatchDatagramTests
{
    private static readonly WatchDatagram Revive = new(WatchKind.Revive, new NodeName("adc-1"), 7, 1_400_000);

    [Theory]
    [InlineData(WatchKind.Probe, 0)]
    [InlineData(WatchKind.Vouch, 0)]
    [InlineData(WatchKind.Revive, 1_400_000)]
    public void Every_kind_comes_back_as_it_was_written(WatchKind kind, long cover)
    {
        var datagram = Revive with { Kind = kind, CoverMicros = cover };
        WatchDatagram.TryRead(Written(datagram), out var read).ShouldBeTrue();
        read.ShouldBe(datagram);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(255)]
    public void Kind_that_nobody_knows_is_not_read(byte kind)
    {
        var bytes = Written(Revive with { Kind = WatchKind.Probe, CoverMicros = 0 });
        bytes[4] = kind;
        WatchDatagram.TryRead(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void Bytes_that_are_of_something_else_are_not_read() => IsRead(3, (byte)'2').ShouldBeFalse();

    [Fact]
    public void Lease_that_ends_in_the_future_has_not_run_out_and_is_not_read() => IsRead(13, 0x80).ShouldBeFalse("the highest bit of the cover makes it negative");

    [Fact]
    public void Name_that_the_fleet_does_not_allow_is_not_read() => IsRead(^1, (byte)' ').ShouldBeFalse();

    [Fact]
    public void Datagram_without_a_name_is_not_read() => WatchDatagram.TryRead(Written(Revive).AsSpan()[..21], out _).ShouldBeFalse();

    private static bool IsRead(Index at, byte octet)
    {
        var bytes = Written(Revive);
        bytes[at] = octet;
        return WatchDatagram.TryRead(bytes, out _);
    }

    private static byte[] Written(WatchDatagram datagram)
    {
        var bytes = new byte[WatchDatagram.SizeMax];
        return bytes[..datagram.Write(bytes)];
    }
}
