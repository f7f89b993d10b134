using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Keys;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm gslb key</c>: the keys that nodes sign with, as files. Asks no fleet, and prints no secret.</summary>
internal static class KeyCommands
{
    /// <summary>
    /// How long a zone must have been signed before CDS offers its first DS: until nobody keeps anything unsigned, at most a day, and the files are
    /// everywhere.
    /// </summary>
    private const long FirstOfferSeconds = 25 * 3600;

    private static readonly ImmutableArray<bool> Roles = [true, false];

    public static PbmCommand Group(Shell shell) => new(
        "key",
        "DNSSEC keys: files in a folder that every node is given (fleet.node.dnssec-keys)",
        "pbm gslb key new --zone fleet.example.net --dir keys",
        "pbm gslb key list --dir keys")
    {
        New(shell),
        List(shell),
        Ds(shell),
        KeyRollCommand.Command(shell),
    };

    /// <summary>The folder, for every command here.</summary>
    public static Option<string> Folder() => new("--dir") { Description = "The folder of the keys", HelpName = "FOLDER", Required = true };

    /// <summary>The zone.</summary>
    public static Option<string> Zone() => new("--zone") { Description = "The zone's name", HelpName = "ZONE", Required = true };

    /// <summary>The clock in seconds since 1970.</summary>
    public static long Now(Session session) => session.Host.Time.GetUtcNow().ToUnixTimeSeconds();

    private static PbmCommand New(Shell shell)
    {
        var folder = Folder();
        var zone = Zone();
        var ksk = new Option<bool>("--ksk") { Description = "A key-signing key only" };
        var zsk = new Option<bool>("--zsk") { Description = "A zone-signing key only" };
        var command = new PbmCommand(
            "new",
            "Make the keys that a zone lacks: a key-signing and a zone-signing one, active at once. What is there stays as it is",
            "pbm gslb key new --zone fleet.example.net --dir keys",
            "pbm gslb key new --zone fleet.example.net --dir keys --zsk") { zone, folder, ksk, zsk };
        return command.Does(shell, (session, _) =>
        {
            var store = new KeyStore(session.Get(folder)!);
            var name = KeyStore.Zone(session.Get(zone)!);
            var now = Now(session);
            List<ZoneKey> keys = [.. store.Keys(mayBeMissing: true).Where(key => key.Zone.Equals(name))];
            var both = session.Get(ksk) == session.Get(zsk);
            var made = new List<ZoneKey>();
            foreach (var isKeySigning in Roles.Where(role => both || session.Get(ksk) == role))
            {
                if (keys.Any(key => key.Key.IsKeySigning == isKeySigning && key.Times.StateAt(now) is not (KeyState.Retired or KeyState.Removed)))
                    continue;
                var times = new KeyTimes
                {
                    Created = now,
                    Publish = now,
                    Activate = now,
                    SyncPublish = isKeySigning ? now + FirstOfferSeconds : null,
                };
                made.Add(KeyMaker.Make(name, isKeySigning, times, [.. keys, .. made]));
            }

            store.Write(made, []);
            ShowChange(session, store, name.ToString(), made, made.Count == 0
                ? ["The zone has its keys; nothing was made. pbm gslb key roll replaces one."]
                :
                [
                    "Give the folder to every node, readable by it alone (fleet.node.dnssec-keys); it is a secret.",
                    "When all nodes sign, and a day later: pbm gslb key ds tells what the parent needs.",
                ]);
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static PbmCommand List(Shell shell)
    {
        var folder = Folder();
        var command = new PbmCommand(
            "list",
            "The keys of a folder: what each is for now, and when that changes",
            "pbm gslb key list --dir keys",
            "pbm gslb key list --dir keys --json") { folder };
        return command.Does(shell, (session, _) =>
        {
            var content = new KeyStore(session.Get(folder)!).Look();
            var now = Now(session);
            ImmutableArray<KeyReport> reports = [.. content.Keys.Select(key => KeyReport.Create(key, now))];
            session.Show(
                new Document<ImmutableArray<KeyReport>>(reports, JsonSerializer.SerializeToNode(reports, KeyJson.Default.ImmutableArrayKeyReport)!),
                KeyRenderer.List);
            foreach (var sentence in content.Complaints.Concat(content.Warnings))
                session.Complain(sentence);
            return Task.FromResult(content.Complaints.IsEmpty ? ExitCode.Ok : ExitCode.Usage);
        });
    }

    private static PbmCommand Ds(Shell shell)
    {
        var folder = Folder();
        var zone = Zone();
        var command = new PbmCommand(
            "ds",
            "What the parent zone needs: DS, and the same as CDS and CDNSKEY, as lines of a zone file",
            "pbm gslb key ds --zone fleet.example.net --dir keys") { zone,
            folder };
        return command.Does(shell, (session, _) =>
        {
            var name = KeyStore.Zone(session.Get(zone)!);
            var now = Now(session);
            ImmutableArray<ZoneKey> keys =
            [
                .. new KeyStore(session.Get(folder)!).Keys().Where(key =>
                    key.Zone.Equals(name)
                        && key.Key.IsKeySigning
                        && key.Times.SyncDelete is null
                        && key.Times.StateAt(now) is (KeyState.Published or KeyState.Active)),
            ];
            if (keys.IsEmpty)
                throw new PbmException(ExitCode.Refused, $"{name} has no key-signing key in {session.Get(folder)}.");
            ImmutableArray<string> Lines(string type, Func<ZoneKey, string> data) =>
                [.. keys.Select(key => $"{name}. {KeyFileText.TtlSeconds} IN {type} {data(key)}")];
            var records = new KeyRecords(
                name.ToString(),
                Lines("DS", key => key.Key.ToDsText(name)),
                Lines("CDS", key => key.Key.ToDsText(name)),
                Lines("CDNSKEY", key => key.Key.ToText()));
            foreach (var key in keys.Where(key => key.Times.SyncPublish > now))
                session.Complain(
                    $"give the parent nothing of key {key.Key.Tag} before {RollStep.At(key.Times.SyncPublish)}: until then resolvers may know what "
                    + $"was before it.");
            session.Show(
                new Document<KeyRecords>(records, JsonSerializer.SerializeToNode(records, KeyJson.Default.KeyRecords)!), KeyRenderer.Records);
            return Task.FromResult(ExitCode.Ok);
        });
    }

    /// <summary>Shows the zone's keys as they are now, with what was made and what is to be done.</summary>
    public static void ShowChange(Session session, KeyStore store, string zone, IEnumerable<ZoneKey> made, ImmutableArray<string> sentences)
    {
        var now = Now(session);
        var change = new KeyChange(
            [.. store.Keys().Select(key => KeyReport.Create(key, now)).Where(key => key.Zone == zone)],
            [.. made.Select(key => (int)key.Key.Tag)],
            sentences);
        session.Show(new Document<KeyChange>(change, JsonSerializer.SerializeToNode(change, KeyJson.Default.KeyChange)!), KeyRenderer.Change);
    }
}
