using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Shared.Tests.Dns;

/// <summary>Updates on the wire, RFC 2136 2.</summary>
public sealed class DnsUpdateTests
{
    private static readonly DnsName Zone = DnsName.Parse("example.net");
    private static readonly DnsName Web = DnsName.Parse("web.example.net");

    [Fact]
    public void Header_and_zone_section_are_those_of_an_update()
    {
        var message = Written(
            new DnsUpdate(
                0x1234, Zone, [new UpdateCondition.NameInUse(Web)], [new UpdateChange.DeleteName(Web), new UpdateChange.DeleteSet(Web, DnsType.A)]));
        DnsHeader.TryRead(message, out var header).ShouldBeTrue();
        header.ShouldBe(new DnsHeader(0x1234, 0x2800, 1, 1, 2, 0));
        DnsQuestion.TryRead(message, out var zone).ShouldBeTrue();
        zone.Name.SequenceEqual(Zone.Wire).ShouldBeTrue();
        (zone.Type, zone.Class).ShouldBe((DnsType.Soa, DnsClass.In));
    }

    [Fact]
    public void Each_condition_has_the_class_and_type_of_its_section()
    {
        var set = new RecordSet(Web, DnsType.A, 60, [[10, 0, 0, 1], [10, 0, 0, 2]]);
        var message = Written(new DnsUpdate(
            1,
            Zone,
            [
                new UpdateCondition.SetExists(Web, DnsType.A), new UpdateCondition.SetIs(set), new UpdateCondition.NameInUse(Web),
                new UpdateCondition.NameNotInUse(Web), new UpdateCondition.SetIsMissing(Web, DnsType.Cname),
            ],
            []));
        Records(message).ShouldBe(
            [
                "web.example.net A 255 0 ",
                "web.example.net A 1 0 0A000001",
                "web.example.net A 1 0 0A000002",
                "web.example.net Any 255 0 ",
                "web.example.net Any 254 0 ",
                "web.example.net Cname 254 0 ",
            ]);
    }

    [Fact]
    public void Each_change_has_the_class_and_ttl_of_its_section()
    {
        var message = Written(new DnsUpdate(
            1,
            Zone,
            [],
            [
                new UpdateChange.Add(Web, DnsType.A, 60, [10, 0, 0, 1]), new UpdateChange.DeleteSet(Web, DnsType.A), new UpdateChange.DeleteName(Web),
                new UpdateChange.Delete(Web, DnsType.A, [10, 0, 0, 1]),
            ]));
        Records(message).ShouldBe(
            ["web.example.net A 1 60 0A000001", "web.example.net A 255 0 ", "web.example.net Any 255 0 ", "web.example.net A 254 0 0A000001"]);
    }

    [Fact]
    public void Update_that_fits_no_message_is_not_written()
    {
        var changes = Enumerable
            .Range(0, 5000)
            .Select(i => (UpdateChange)new UpdateChange.Add(DnsName.Parse($"a-rather-long-label-{i}.example.net"), DnsType.A, 60, [10, 0, 0, 1]))
            .ToImmutableArray();
        new DnsUpdate(1, Zone, [], changes).TryWrite(out _).ShouldBeFalse();
        new DnsUpdate(1, Zone, [], changes[..500]).TryWrite(out _).ShouldBeTrue();
    }

    private static byte[] Written(DnsUpdate update)
    {
        update.TryWrite(out var message).ShouldBeTrue();
        return message!;
    }

    /// <summary>Name, type, class, TTL and data of all records behind the zone section.</summary>
    private static List<string> Records(byte[] message)
    {
        var records = new List<string>();
        DnsQuestion.TryRead(message, out var zone).ShouldBeTrue();
        for (var at = zone.Next; at < message.Length;)
        {
            DnsRecordView.TryRead(message, at, out var view).ShouldBeTrue();
            var name = new byte[DnsNameWire.LengthMax];
            DnsNameWire.TryRead(message, view.NameAt, name, out var length, out _).ShouldBeTrue();
            DnsName.TryFromWire(name.AsSpan(0, length), out var owner).ShouldBeTrue();
            records.Add($"{owner} {view.Type} {view.Class} {view.Ttl} {Convert.ToHexString(view.Data)}");
            at = view.Next;
        }

        return records;
    }
}
