
namespace Fleet.Node.Tests.Gslb.Signing.Tools;

/// <summary>
/// Validators that others wrote, over the wire. A walk over the whole zone (ldns-verify-zone) is not possible where denials are made up as they are
/// asked for.
/// </summary>
public class ValidatorTests
{
    private static readonly (string Name, string Type)[] There =
    [
        ("s3.fleet.test", "A"),
        ("many.fleet.test", "A"),
        ("dual.fleet.test", "AAAA"),
        ("deep.er.fleet.test", "A"),
        ("map.fleet.test", "TXT"),
        ("fleet.test", "SOA"),
        ("fleet.test", "NS"),
        ("fleet.test", "DNSKEY"),
        ("fleet.test", "CDS"),
        ("fleet.test", "CDNSKEY"),
        ("alias.fleet.test", "CNAME"),
        ("alias.fleet.test", "A"),
        ("fleet.test", "MX"),
        ("fleet.test", "CAA"),
        ("_s3._tcp.fleet.test", "SRV"), ("text.fleet.test", "TXT"),
    ];

    private static readonly (string Name, string Type)[] NotThere =
    [
        ("absent.fleet.test", "A"),
        ("a.b.absent.fleet.test", "A"),
        ("s3.fleet.test", "AAAA"),
        ("er.fleet.test", "A"),
        ("down.fleet.test", "A"),
        ("text.fleet.test", "A"),
    ];

    [ToolFact("delv")]
    public async Task Delv_validates_every_kind_of_answer()
    {
        await using var server = new SignedServer();
        var anchors = server.Write(
            "anchors", $"trust-anchors {{ fleet.test. static-key 257 3 13 \"{Convert.ToBase64String([.. server.Keys[0].Key.PublicKey])}\"; }};\n");
        Task<string> Delv(string name, string type) =>
            SystemProgram.RunAsync("delv", "@127.0.0.1", "-p", server.Port, "-a", anchors, "+root=fleet.test", name, type);
        foreach ((var name, var type) in There)
            (await Delv(name, type)).ShouldContain("; fully validated", customMessage: $"{name} {type}");
        foreach ((var name, var type) in NotThere)
            (await Delv(name, type)).ShouldContain("; negative response, fully validated", customMessage: $"{name} {type}");
        server.SignWithKeysOfSomebodyElse();
        foreach ((var name, var type) in There)
            (await Delv(name, type)).ShouldNotContain("fully validated", customMessage: $"{name} {type}");
    }

    [ToolFact("drill")]
    public async Task Drill_chases_signatures_to_the_key()
    {
        await using var server = new SignedServer();
        var key = server.Write("key", server.KeyLine);
        Task<string> Chase(string name, string type) => SystemProgram.RunAsync("drill", "-S", "-k", key, "-p", server.Port, "@127.0.0.1", name, type);
        foreach ((var name, var type) in There.Where(each => each is not (_, "DNSKEY") and not ("alias.fleet.test", "A")))
            (await Chase(name, type)).ShouldContain(";; Chase successful", customMessage: $"{name} {type}");
        server.SignWithKeysOfSomebodyElse();
        (await Chase("s3.fleet.test", "A")).ShouldNotContain(";; Chase successful");
    }

    [ToolFact("kdig")]
    public async Task Kdig_reads_signatures_and_denials()
    {
        await using var server = new SignedServer();
        var tag = server.Keys[1].Key.Tag;
        Task<string> Kdig(params string[] words) => SystemProgram.RunAsync("kdig", ["@127.0.0.1", "-p", server.Port, .. words]);
        (await Kdig("+dnssec", "s3.fleet.test", "A")).ShouldMatch(
            $@"s3\.fleet\.test\.\s+0\s+IN\s+RRSIG\s+A 13 3 0 \d{{14}} \d{{14}} {tag} fleet\.test\.");
        var denial = await Kdig("+dnssec", "absent.fleet.test", "A");
        denial.ShouldContain("status: NOERROR");
        denial.ShouldMatch(@"absent\.fleet\.test\.\s+5\s+IN\s+NSEC\s+\\000\.absent\.fleet\.test\. RRSIG NSEC (TYPE128|NXNAME)");
        (await Kdig("absent.fleet.test", "A")).ShouldContain("status: NXDOMAIN");
    }
}
