using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Fleet.Coordinator.Publishers;
using Fleet.Coordinator.Publishing;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Tests.Publishers;

/// <summary>Publishing to BIND, Knot and PowerDNS as Debian ships them.</summary>
public sealed class RealServerTests
{
    /// <summary>All that PowerDNS says of a key it does not take; RFC 8945 5.2 would have it say why.</summary>
    private const string NotAuth = "the server is no authority for the zone, or does not take the key: look at its name, its secret and both clocks "
        + "(NOTAUTH)";

    private static readonly PublishTarget Target = new("prod", DnsName.Parse("fleet.internal"), DnsServerProcess.Zone, 5, TakeOver: false);

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Answers_appear_change_and_go(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        await InStepAsync(server, Addresses("web", "10.0.0.1", "10.0.0.2", "2001:db8::1"), Addresses("s3", "10.0.0.3"));
        Dig(server, "web", "A").ShouldBe(["10.0.0.1", "10.0.0.2"]);
        Dig(server, "web", "AAAA").ShouldBe(["2001:db8::1"]);
        Dig(server, "s3", "A").ShouldBe(["10.0.0.3"]);
        Dig(server, "_fleet-owner.web", "TXT").ShouldBe(["\"fleet=prod\" \"types=A AAAA\""]);

        await InStepAsync(server, Addresses("web", "10.0.0.2", "10.0.0.9"), Addresses("s3", "10.0.0.3"));
        Dig(server, "web", "A").ShouldBe(["10.0.0.2", "10.0.0.9"]);
        Dig(server, "web", "AAAA").ShouldBeEmpty();

        await InStepAsync(server);
        Dig(server, "web", "A").ShouldBeEmpty();
        Dig(server, "_fleet-owner.web", "TXT").ShouldBeEmpty();
        Dig(server, "www", "A").ShouldBe(["192.0.2.80"]);
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Change_moves_the_serial_once_and_touches_nothing_else(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        await InStepAsync(server, Addresses("web", "10.0.0.1", "10.0.0.2"), Addresses("s3", "10.0.0.3"));
        var before = await server.Link.TransferAsync(DnsServerProcess.Zone, default);

        (await PassAsync(server, Addresses("web", "10.0.0.1", "10.0.0.4"), Addresses("s3", "10.0.0.3"))).Updates.ShouldBe(1);
        var after = await server.Link.TransferAsync(DnsServerProcess.Zone, default);
        after[0].Soa!.Serial.ShouldBe(before[0].Soa!.Serial + 1);
        Lines(before).Except(Lines(after)).ShouldBe(["web.example.net 5 IN A 10.0.0.2"]);
        Lines(after).Except(Lines(before)).ShouldBe(["web.example.net 5 IN A 10.0.0.4"]);

        (await PassAsync(server, Addresses("web", "10.0.0.1", "10.0.0.4"), Addresses("s3", "10.0.0.3"))).ShouldSatisfyAllConditions(
            r => r.Updates.ShouldBe(0), r => r.Failure.ShouldBeNull());
        (await server.Link.TransferAsync(DnsServerProcess.Zone, default))[0].Soa!.Serial.ShouldBe(after[0].Soa!.Serial);
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Another_ttl_replaces_the_set(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        await InStepAsync(server, Addresses("web", "10.0.0.1", "10.0.0.2"));
        var result = await new PublishPass(server.Link, Target with { Ttl = 30 }).RunAsync(
            (Target with { Ttl = 30 }).Wanted([.. Addresses("web", "10.0.0.1", "10.0.0.2")]), default);
        result.ShouldSatisfyAllConditions(r => r.Failure.ShouldBeNull(), r => r.Updates.ShouldBe(1));
        Lines(await server.Link.TransferAsync(DnsServerProcess.Zone, default)).Where(line => line.StartsWith("web", StringComparison.Ordinal))
            .ShouldBe(["web.example.net 30 IN A 10.0.0.1", "web.example.net 30 IN A 10.0.0.2"]);
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Name_turns_into_an_alias_and_back(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        var alias = new RecordSet(Name("web"), DnsType.Cname, 0, [[.. DnsName.Parse("elsewhere.example.org").Wire]]);
        await InStepAsync(server, Addresses("web", "10.0.0.1"));
        await InStepAsync(server, [alias]);
        Dig(server, "web", "CNAME").ShouldBe(["elsewhere.example.org."]);
        await InStepAsync(server, Addresses("web", "10.0.0.1"));
        Dig(server, "web", "A").ShouldBe(["10.0.0.1"]);
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Name_of_somebody_else_is_left_alone_unless_it_is_to_be_taken_over(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        var result = await PassAsync(server, Addresses("www", "10.0.0.1"), Addresses("web", "10.0.0.2"));
        result.Failure.ShouldBeNull();
        result.LeftAlone.ShouldHaveSingleItem().Reason
            .ShouldBe("it holds records that are not the fleet's (A, TXT); take them away there, or set take-over = on");
        Dig(server, "www", "A").ShouldBe(["192.0.2.80"]);
        Dig(server, "web", "A").ShouldBe(["10.0.0.2"]);

        var taking = Target with { TakeOver = true };
        (await new PublishPass(server.Link, taking).RunAsync(taking.Wanted([.. Addresses("www", "10.0.0.1")]), default)).Failure.ShouldBeNull();
        Dig(server, "www", "A").ShouldBe(["10.0.0.1"]);
        Dig(server, "www", "TXT").ShouldBe(["\"somebody's own\""]);
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task What_another_hand_changed_is_put_right(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        await InStepAsync(server, Addresses("web", "10.0.0.1", "10.0.0.2"));
        await server.Link.UpdateAsync(
            new DnsUpdate(
                DnsServerLink.NewId(),
                DnsServerProcess.Zone,
                [],
                [new UpdateChange.Delete(There("web"), DnsType.A, [10, 0, 0, 2]), new UpdateChange.Add(There("web"), DnsType.A, 5, [10, 6, 6, 6])]),
            default);
        Dig(server, "web", "A").ShouldBe(["10.0.0.1", "10.6.6.6"]);
        await InStepAsync(server, Addresses("web", "10.0.0.1", "10.0.0.2"));
        Dig(server, "web", "A").ShouldBe(["10.0.0.1", "10.0.0.2"]);
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Update_that_another_writer_has_overtaken_changes_nothing(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        await InStepAsync(server, Addresses("web", "10.0.0.1"));
        var read = ZoneRecords.FromRecords(await server.Link.TransferAsync(DnsServerProcess.Zone, default));
        var plan = ZoneDifference.Plan(Target.Wanted([.. Addresses("web", "10.0.0.2"), .. Addresses("new", "10.0.0.3")]), read, Target);
        await server.Link.UpdateAsync(
            new DnsUpdate(DnsServerLink.NewId(), DnsServerProcess.Zone, [], [new UpdateChange.Add(There("web"), DnsType.A, 5, [10, 6, 6, 6])]),
            default);

        var late = server.Link.UpdateAsync(UpdateBatches.Update(DnsServerLink.NewId(), DnsServerProcess.Zone, plan.Changes), default);
        (await late.ShouldThrowAsync<DnsFailureException>()).Failure.Kind.ShouldBe(DnsFailureKind.Overtaken);
        Dig(server, "web", "A").ShouldBe(["10.0.0.1", "10.6.6.6"]);
        Dig(server, "new", "A").ShouldBeEmpty();
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Wrong_key_is_refused_and_the_reason_told(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        var wanted = Target.Wanted([.. Addresses("web", "10.0.0.1")]);
        var stranger = new TsigKey(DnsName.Parse("stranger"), TsigAlgorithm.HmacSha256, new byte[32]);
        var impostor = new TsigKey(DnsName.Parse("fleet"), TsigAlgorithm.HmacSha256, new byte[32]);
        var unknown = (await new PublishPass(server.LinkWith(stranger), Target).RunAsync(wanted, default)).Failure.ShouldNotBeNull();
        var wrong = (await new PublishPass(server.LinkWith(impostor), Target).RunAsync(wanted, default)).Failure.ShouldNotBeNull();
        unknown.ShouldBe(
            new DnsFailure(
                DnsFailureKind.Refused,
                kind == "powerdns"
                    ? NotAuth
                    : "the server does not know the key stranger (BADKEY): give it the same name, algorithm and secret there"));
        wrong.ShouldBe(
            new DnsFailure(DnsFailureKind.Refused, kind == "powerdns" ? NotAuth : "the server has another secret for the key fleet (BADSIG)"));
        Dig(server, "web", "A").ShouldBeEmpty();
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Clocks_apart_are_told(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        var link = new DnsServerLink(server.Endpoint, DnsServerProcess.Key, new FakeTime());
        var failure = (await new PublishPass(link, Target).RunAsync(ZoneRecords.None, default)).Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(DnsFailureKind.Refused);
        failure.Text.ShouldContain(kind == "powerdns" ? "both clocks (NOTAUTH)" : "(BADTIME)");
    }

    [RealServersTheory, MemberData(nameof(DnsServerProcess.Kinds), MemberType = typeof(DnsServerProcess))]
    public async Task Thousands_of_records_go_in_a_few_updates_with_the_longer_signature(string kind)
    {
        using var server = await DnsServerProcess.StartAsync(kind);
        var key = new TsigKey(DnsName.Parse("fleet512"), TsigAlgorithm.HmacSha512, Convert.FromBase64String(DnsServerProcess.Secret));
        var wanted = Target.Wanted(
            [.. Enumerable.Range(0, 1500).SelectMany(i => Addresses($"s{i}", $"10.1.{i / 250}.{i % 250}", $"10.2.{i / 250}.{i % 250}"))]);
        var first = await new PublishPass(server.LinkWith(key), Target).RunAsync(wanted, default);
        first.Failure.ShouldBeNull();
        first.Updates.ShouldBeLessThan(10);
        (await new PublishPass(server.LinkWith(key), Target).RunAsync(wanted, default)).ShouldSatisfyAllConditions(
            r => r.Failure.ShouldBeNull(), r => r.Updates.ShouldBe(0));
        Dig(server, "s1499", "A").ShouldBe(["10.1.5.249", "10.2.5.249"]);
    }

    private static async Task InStepAsync(DnsServerProcess server, params IEnumerable<RecordSet>[] answers)
    {
        var result = await PassAsync(server, answers);
        result.Failure?.Text.ShouldBeNull();
        result.LeftAlone.ShouldBeEmpty();
        result.Pending.ShouldBe(0);
    }

    private static Task<PassResult> PassAsync(DnsServerProcess server, params IEnumerable<RecordSet>[] answers) =>
        new PublishPass(server.Link, Target).RunAsync(Target.Wanted([.. answers.SelectMany(a => a)]), default);

    private static IEnumerable<RecordSet> Addresses(string label, params string[] addresses) =>
        addresses.Select(IPAddress.Parse).GroupBy(a => a.AddressFamily)
        .Select(family =>
            new RecordSet(
                Name(label),
                family.First().GetAddressBytes().Length == 4 ? DnsType.A : DnsType.Aaaa,
                0,
                [.. family.Select(a => a.GetAddressBytes().ToImmutableArray())]));

    private static DnsName Name(string label) => DnsName.Parse($"{label}.fleet.internal");

    private static DnsName There(string label) => DnsName.Parse($"{label}.example.net");

    private static string[] Lines(IEnumerable<DnsRecord> records) =>
        [.. records.Where(record => record.Type != DnsType.Soa).Select(record => record.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>What an asker sees that is none of Fleet's.</summary>
    private static string[] Dig(DnsServerProcess server, string label, string type) =>
        [
            .. DnsServerProcess
                .Run(
                    "dig",
                    "@127.0.0.1",
                    "-p",
                    server.Endpoint.Port.ToString(CultureInfo.InvariantCulture),
                    $"{label}.example.net",
                    type,
                    "+short",
                    "+norec")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Order(StringComparer.Ordinal),
        ];
}
