using Fleet.Shared.Dns.Security;
using Fleet.Shared.Shell;

namespace Fleet.Node.Tests.Gslb.Signing.Tools;

/// <summary>Key files go to and from BIND and Knot.</summary>
public sealed class KeyInterchangeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolFact("dnssec-dsfromkey", "dnssec-settime")]
    public async Task Bind_reads_our_keys_and_derives_the_same_ds()
    {
        var key = SignedZones.NewKey(DnsKey.KeySigningFlags, SignedZones.Working with { Inactive = SignedZones.Now + 60 });
        new KeyFolder(_folder).Add(key);
        var file = Path.Combine(_folder, key.FileName);
        (await SystemProgram.RunAsync("dnssec-dsfromkey", "-2", $"{file}.key")).Trim().ShouldBe($"fleet.test. IN DS {key.Key.ToDsText(key.Zone)}");
        var times = await SystemProgram.RunAsync("dnssec-settime", "-u", "-p", "all", file);
        times.ShouldContain($"Activate: {SignedZones.Now - 3600}");
        times.ShouldContain($"Inactive: {SignedZones.Now + 60}");
        times.ShouldContain($"SYNC Publish: {SignedZones.Now - 3600}");
    }

    [ToolFact("dnssec-keygen", "dnssec-settime")]
    public async Task Bind_s_keys_are_read_with_their_times()
    {
        var ksk = (await SystemProgram.RunAsync("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", "-K", _folder, "fleet.test")).Trim();
        var zsk = (await SystemProgram.RunAsync("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-K", _folder, "-P", "20300101000000", "-A",
            "20300102000000", "fleet.test")).Trim();
        await SystemProgram.RunAsync("dnssec-keygen", "-q", "-a", "ED25519", "-K", _folder, "fleet.test"); // of another kind: left alone
        var content = new KeyFolder(_folder).Read();
        content.Complaints.ShouldBeEmpty();
        content.Keys.Select(key => key.FileName).ShouldBe([ksk, zsk]);
        content.Keys[0].Key.IsKeySigning.ShouldBeTrue();
        content.Keys[0].Times.Activate.ShouldNotBeNull();
        content.Keys[1].Times.Publish.ShouldBe(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds());
        content.Keys[1].Times.StateAt(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()).ShouldBe(KeyState.Published);
    }

    [ToolFact("keymgr")]
    public async Task Knot_imports_our_keys()
    {
        var key = SignedZones.NewKey(DnsKey.ZoneSigningFlags, SignedZones.Working);
        new KeyFolder(_folder).Add(key);
        var store = Path.Combine(_folder, "knot");
        await SystemProgram.RunAsync("keymgr", "-D", store, "fleet.test.", "import-bind", Path.Combine(_folder, $"{key.FileName}.key"));
        (await SystemProgram.RunAsync("keymgr", "-D", store, "fleet.test.", "list")).ShouldContain($" {key.Key.Tag} ");
    }
}
