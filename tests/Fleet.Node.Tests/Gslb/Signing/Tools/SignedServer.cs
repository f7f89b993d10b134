using System.Globalization;
using System.Net;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Gslb.Signing.Tools;

/// <summary>A server of the signed zone fleet.test on a loopback port, with keys that work now, and the files that validators want.</summary>
internal sealed class SignedServer : IAsyncDisposable
{
    private readonly DnsServer _server = new(new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);

    public SignedServer(bool signsChild = false)
    {
        var now = MonotonicClock.System.Time.GetUtcNow().ToUnixTimeSeconds();
        var working = new KeyTimes { Created = now - 7200, Publish = now - 7200, Activate = now - 7200, SyncPublish = now - 7200 };
        Keys =
        [
            SignedZones.NewKey(DnsKey.KeySigningFlags, working),
            SignedZones.NewKey(DnsKey.ZoneSigningFlags, working),
            .. signsChild ? [SignedZones.NewKey(DnsKey.KeySigningFlags, working, "sub.fleet.test")] : (ZoneKey[])[],
        ];
        _server.Publish(SignedZones.Rich);
        _server.Publish(KeyRing.Create(Keys, now, salt: 3));
        _server.Start(new IPEndPoint(IPAddress.Loopback, 0));
        Folder = Directory.CreateTempSubdirectory("fleet-dnssec-").FullName;
    }

    public ZoneKey[] Keys { get; }

    public string Folder { get; }

    public string Port => _server.Endpoint.Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Signs from now on with other keys, as somebody in between would who has not got the right ones.</summary>
    public void SignWithKeysOfSomebodyElse()
    {
        var now = MonotonicClock.System.Time.GetUtcNow().ToUnixTimeSeconds();
        var since = new KeyTimes { Publish = now - 7200, Activate = now - 7200 };
        _server.Publish(
            KeyRing.Create([SignedZones.NewKey(DnsKey.KeySigningFlags, since), SignedZones.NewKey(DnsKey.ZoneSigningFlags, since)], now, salt: 3));
    }

    public string Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The key-signing key as a line of a zone file.</summary>
    public string KeyLine => $"fleet.test. 3600 IN DNSKEY {Keys[0].Key.ToText()}\n";

    /// <summary>The DS of it.</summary>
    public string DsLine => $"fleet.test. 3600 IN DS {Keys[0].Key.ToDsText(DnsName.Parse("fleet.test"))}\n";

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
