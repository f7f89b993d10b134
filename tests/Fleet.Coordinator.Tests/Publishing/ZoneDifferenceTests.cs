using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Publishing;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Tests.Publishing;

/// <summary>From what is wanted and what is there to the least update.</summary>
public sealed class ZoneDifferenceTests
{
    private static readonly DnsName Zone = DnsName.Parse("example.net");
    private static readonly PublishTarget Target = new("prod", DnsName.Parse("fleet.internal"), Zone, 5, TakeOver: false);

    [Fact]
    public void New_name_comes_with_its_marker_and_only_where_there_was_none()
    {
        var change = Plan([A("web", 5, 1)], []).Changes.ShouldHaveSingleItem();
        Steps(change).ShouldBe(["+web A 1", "+_fleet-owner.web TXT"]);
        change.Conditions.ShouldBe(
            [new UpdateCondition.SetIsMissing(Name("web"), DnsType.A), new UpdateCondition.SetIsMissing(Name("_fleet-owner.web"), DnsType.Txt)]);
    }

    [Fact]
    public void Only_single_records_that_differ_are_sent()
    {
        var change = Plan(
            [A("web", 5, 1, 2, 3), A("s3", 5, 9)],
            [A("web", 5, 2, 3, 4), Mark("web", DnsType.A), A("s3", 5, 9), Mark("s3", DnsType.A)]).Changes.ShouldHaveSingleItem();
        Steps(change).ShouldBe(["-web A 4", "+web A 1"]);
        change.Conditions.OfType<UpdateCondition.SetIs>().Select(c => c.Set.Name).ShouldBe([Name("web"), Name("_fleet-owner.web")]);
    }

    [Fact]
    public void Nothing_is_sent_when_all_is_as_wanted() =>
        Plan(
            [A("web", 5, 1, 2)],
            [A("web", 5, 2, 1), Mark("web", DnsType.A), A("mail", 60, 7)]).ShouldSatisfyAllConditions(p =>
                p.Changes.ShouldBeEmpty(), p => p.LeftAlone.ShouldBeEmpty());

    [Fact]
    public void Another_ttl_replaces_the_whole_set() =>
        Steps(Plan([A("web", 5, 1, 2)], [A("web", 60, 1, 2), Mark("web", DnsType.A)]).Changes.Single()).ShouldBe(["-web A", "+web A 1", "+web A 2"]);

    [Fact]
    public void Name_that_is_not_wanted_any_more_goes_with_its_marker() =>
        Steps(Plan([], [A("web", 5, 1), Mark("web", DnsType.A)]).Changes.Single()).ShouldBe(["-web A", "-_fleet-owner.web TXT"]);

    [Fact]
    public void Records_of_others_at_the_fleets_own_name_stay_when_the_fleets_go() =>
        Steps(Plan([], [A("web", 5, 1), Text("web"), Mark("web", DnsType.A)]).Changes.Single()).ShouldBe(["-web A", "-_fleet-owner.web TXT"]);

    [Fact]
    public void Name_with_records_of_others_is_left_alone()
    {
        var plan = Plan([A("www", 5, 1)], [A("www", 60, 80), Text("www")]);
        plan.Changes.ShouldBeEmpty();
        plan.LeftAlone.ShouldBe(
            [new LeftAlone(Name("www"), "it holds records that are not the fleet's (A, TXT); take them away there, or set take-over = on")]);
    }

    [Fact]
    public void Taking_over_replaces_addresses_and_keeps_the_rest() =>
        Steps(
            Plan(
                [A("www", 5, 1)],
                [A("www", 5, 80), Text("www")],
                Target with { TakeOver = true }).Changes.Single()).ShouldBe(["-www A 80", "+www A 1", "+_fleet-owner.www TXT"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Name_of_another_fleet_is_never_touched(bool takeOver)
    {
        var marker = Marker.Create(Name("_fleet-owner.web"), "other", [DnsType.A], 5);
        var plan = Plan([A("web", 5, 1)], [A("web", 5, 2), marker], Target with { TakeOver = takeOver });
        plan.Changes.ShouldBeEmpty();
        plan.LeftAlone.Single().Reason.ShouldBe("it belongs to fleet other, as _fleet-owner.web.example.net says");
        Plan([], [A("web", 5, 2), marker]).ShouldSatisfyAllConditions(p => p.Changes.ShouldBeEmpty(), p => p.LeftAlone.ShouldBeEmpty());
    }

    [Fact]
    public void Set_that_another_hand_put_beside_the_fleets_is_left_alone()
    {
        var plan = Plan([A("web", 5, 1), Aaaa("web", 1)], [A("web", 5, 2), Aaaa("web", 2), Mark("web", DnsType.A)]);
        Steps(plan.Changes.Single()).ShouldBe(["-web A 2", "+web A 1"]);
        plan.LeftAlone.Single().Reason.ShouldBe("its AAAA records are not the fleet's; take them away there, or set take-over = on");
    }

    [Fact]
    public void Addresses_go_before_an_alias_comes()
    {
        var steps = Steps(Plan([Alias("web", "else.where")], [A("web", 5, 1), Mark("web", DnsType.A)]).Changes.Single());
        steps.ShouldBe(["-web A", "+web CNAME", "-_fleet-owner.web TXT", "+_fleet-owner.web TXT"]);
    }

    [Theory]
    [InlineData("@", false)]
    [InlineData("web", true)]
    public void Alias_beside_other_records_is_not_tried(string label, bool beside)
    {
        var plan = Plan([Alias(label, "else.where")], beside ? [Text(label), Mark(label)] : [Mark(label)], Target with { TakeOver = true });
        plan.Changes.ShouldBeEmpty();
        plan.LeftAlone.Single().Reason.ShouldBe("an alias cannot stand beside other records");
    }

    [Fact]
    public void Zones_own_records_at_the_apex_are_nobodys()
    {
        var soa = new RecordSet(Zone, DnsType.Soa, 60, [[0, 0, .. new byte[20]]]);
        var ns = new RecordSet(Zone, DnsType.Ns, 60, [[.. Name("ns1").Wire]]);
        Steps(Plan([A("@", 5, 1)], [soa, ns]).Changes.Single()).ShouldBe(["+@ A 1", "+_fleet-owner TXT"]);
    }

    [Fact]
    public void Delegated_name_is_left_alone() =>
        Plan([A("sub", 5, 1)], [new RecordSet(Name("sub"), DnsType.Ns, 60, [[.. Name("ns1").Wire]])]).LeftAlone.ShouldHaveSingleItem();

    [Fact]
    public void Updates_of_thousands_of_names_are_few_and_whole()
    {
        var plan = Plan([.. Enumerable.Range(0, 2500).Select(i => A($"s{i}", 5, 1))], []);
        var tooLarge = new List<LeftAlone>();
        var batches = UpdateBatches.Split(plan.Changes, Zone, tooLarge);
        batches.Sum(b => b.Length).ShouldBe(2500);
        batches.Length.ShouldBeInRange(3, 8);
        batches.Count(batch => UpdateBatches.Update(1, Zone, batch).TryWrite(out _)).ShouldBe(batches.Length);
        tooLarge.ShouldBeEmpty();
    }

    [Fact]
    public void Name_with_more_records_than_a_message_holds_is_told()
    {
        var crowd = new RecordSet(
            Name("web"), DnsType.A, 5, [.. Enumerable.Range(0, 5000).Select(i => ImmutableArray.Create<byte>(10, 0, (byte)(i >> 8), (byte)i))]);
        var tooLarge = new List<LeftAlone>();
        UpdateBatches.Split(Plan([crowd, A("s3", 5, 1)], []).Changes, Zone, tooLarge).Single().Single().Name.ShouldBe(Name("s3"));
        tooLarge.ShouldHaveSingleItem().Name.ShouldBe(Name("web"));
    }

    [Fact]
    public void Waits_grow_to_a_minute_and_are_spread()
    {
        Backoff.After(1, 0).ShouldBe(TimeSpan.FromMilliseconds(250));
        Backoff.After(3, 1).ShouldBe(TimeSpan.FromSeconds(2));
        Backoff.After(1000, 1).ShouldBe(TimeSpan.FromMinutes(1));
        Backoff.After(1000, 0).ShouldBe(TimeSpan.FromSeconds(30));
    }

    private static ZonePlan Plan(RecordSet[] wanted, RecordSet[] there, PublishTarget? target = null) =>
        ZoneDifference.Plan(ZoneRecords.FromRecords(wanted), ZoneRecords.FromRecords(there), target ?? Target);

    private static DnsName Name(string label) => label == "@" ? Zone : DnsName.Parse($"{label}.example.net");

    private static RecordSet A(string label, uint ttl, params int[] hosts) =>
        new(Name(label), DnsType.A, ttl, [.. hosts.Select(host => ImmutableArray.Create<byte>(10, 0, 0, (byte)host))]);

    private static RecordSet Aaaa(string label, int host) =>
        new(Name(label), DnsType.Aaaa, 5, [[.. IPAddress.Parse($"2001:db8::{host}").GetAddressBytes()]]);

    private static RecordSet Text(string label) => new(Name(label), DnsType.Txt, 60, [[1, (byte)'x']]);

    private static RecordSet Alias(string label, string to) => new(Name(label), DnsType.Cname, 5, [[.. DnsName.Parse(to).Wire]]);

    private static RecordSet Mark(string label, params DnsType[] types) => Marker.Create(Marker.NameFor(Name(label))!, "prod", types, 5);

    /// <summary>What is done, in order, in short: the last octet stands for an address.</summary>
    private static string[] Steps(NameChange change) => [.. change.Changes.Select(step => step switch
    {
        UpdateChange.Add { Type: DnsType.A } add => $"+{Label(add)} A {add.Data[3]}",
        UpdateChange.Delete { Type: DnsType.A } delete => $"-{Label(delete)} A {delete.Data[3]}",
        UpdateChange.Add => $"+{Label(step)} {step.Type.ToString().ToUpperInvariant()}",
        _ => $"-{Label(step)} {step.Type.ToString().ToUpperInvariant()}",
    })];

    private static string Label(UpdateChange step) => step.Name.Equals(Zone) ? "@" : step.Name.ToString()[..^".example.net".Length];
}
