using System.CommandLine;
using Fleet.Cli.Keys;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm gslb key roll</c>: the next step of replacing a key. Run twice, it does the step once and reports what it waits for.</summary>
internal static class KeyRollCommand
{
    private static readonly TimeSpan PrepublishMin = TimeSpan.FromHours(1);
    private static readonly TimeSpan PrepublishUsual = TimeSpan.FromHours(2);
    private static readonly TimeSpan RetireUsual = TimeSpan.FromHours(26);
    private static readonly TimeSpan DsTtlUsual = TimeSpan.FromHours(26);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static PbmCommand Command(Shell shell)
    {
        var folder = KeyCommands.Folder();
        var zone = KeyCommands.Zone();
        var zsk = new Option<bool>("--zsk") { Description = "The zone-signing key: pre-publication, by itself once begun" };
        var ksk = new Option<bool>("--ksk") { Description = "The key-signing key: two side by side until the parent's DS has changed" };
        var prepublish = Units.Span(
            "--prepublish",
            "How long the new key is shown before it is relied on: the key set's TTL of 1h, and the copying to all nodes [default: 2h]",
            PrepublishMin,
            Year);
        var retire = Units.Span(
            "--retire", "--zsk: how long the old key is shown after: the zone's longest TTL, and the copying [default: 26h]", PrepublishMin, Year);
        var activate = new Option<bool>("--activate-now")
        {
            Description = "--zsk: let the new key sign now; refused while a resolver may not know it",
        };
        var changed = new Option<bool>("--ds-changed")
        {
            Description = "--ksk: the parent's servers all have the new DS; refused before that was safe",
        };
        var dsTtl = Units.Span(
            "--ds-ttl", "--ksk, --ds-changed: how long resolvers may keep the old DS [default: 26h]", TimeSpan.FromMinutes(1), Year);
        var command = new PbmCommand(
            "roll",
            "Replace a key step by step, without a moment at which answers cannot be verified",
            "pbm gslb key roll --zone fleet.example.net --dir keys --zsk",
            "pbm gslb key roll --zone fleet.example.net --dir keys --ksk",
            "pbm gslb key roll --zone fleet.example.net --dir keys --ksk --ds-changed") { zone,
            folder,
            zsk,
            ksk,
            prepublish,
            retire,
            activate,
            changed,
            dsTtl };
        return command.Does(shell, (session, _) =>
        {
            var isKsk = session.Get(ksk);
            if (isKsk == session.Get(zsk))
                throw PbmException.Usage("say which key: --zsk or --ksk.");
            if (isKsk ? session.Get(activate) || session.Has(retire) : session.Get(changed) || session.Has(dsTtl))
                throw PbmException.Usage("--activate-now and --retire are about --zsk, --ds-changed and --ds-ttl about --ksk.");
            var store = new KeyStore(session.Get(folder)!);
            var name = KeyStore.Zone(session.Get(zone)!);
            var now = KeyCommands.Now(session);
            ZoneKey[] keys = [.. store.Keys().Where(key => key.Zone.Equals(name))];
            var before = session.Get(prepublish) ?? PrepublishUsual;
            var step = isKsk
                ? KskRoll.Next(keys, now, before, session.Get(changed), session.Get(dsTtl) ?? DsTtlUsual)
                : ZskRoll.Next(keys, now, before, session.Get(retire) ?? RetireUsual, session.Get(activate));
            if (step.Refusal is { } why)
                throw new PbmException(ExitCode.Refused, why);
            ZoneKey[] made = step.New is { } times ? [KeyMaker.Make(name, isKsk, times, keys)] : [];
            store.Write(made, step.Changed);
            KeyCommands.ShowChange(session, store, name.ToString(), made, step.Sentences);
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
