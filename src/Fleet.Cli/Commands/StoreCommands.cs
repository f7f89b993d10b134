using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Postgres;
using Npgsql;

namespace Fleet.Cli.Commands;

/// <summary>
/// <c>pbm store</c>: a fleet's store, and the databases beside it. Asks no coordinator, but for <c>reproject</c>, which asks no database.
/// </summary>
internal static class StoreCommands
{
    public static PbmCommand Group(Shell shell)
    {
        var group = new PbmCommand(
            "store",
            "Where a fleet's history is kept: copies, moves, and the schemas in PostgreSQL that its programs expect",
            "pbm store export --config /etc/fleet/fleet.conf --out fleet-monday",
            "pbm store migrate --connection postgresql://fleet@db.example/fleet --dry-run") { Migrate(shell), StoreReproject.Command(shell) };
        foreach (var command in StoreCopyCommands.All(shell))
            group.Subcommands.Add(command);
        return group;
    }

    private static PbmCommand Migrate(Shell shell)
    {
        var connection = new Option<string>("--connection")
        {
            Description = "The database, as Npgsql or libpq write it, without a password: that comes from PGPASSFILE, PGPASSWORD or --password-file",
            HelpName = "DATABASE",
            Required = true,
        };
        var passwordFile = new Option<string?>("--password-file") { Description = "A file with the password in its first line", HelpName = "FILE" };
        var schemas = new Option<string[]>("--schema")
        {
            Description = "Only this one: fleet is what automation reads, fleet_store a fleet's own journal",
            HelpName = "SCHEMA",
        };
        schemas.AcceptOnlyFromAmong(Known.Select(files => files.Schema).ToArray());
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and change nothing" };
        var command = new PbmCommand(
            "migrate",
            "Bring the schemas in PostgreSQL to the versions that this build works with. Nothing else ever changes them",
            "pbm store migrate --connection postgresql://fleet@db.example/fleet",
            "pbm store migrate --connection 'Host=db.example;Database=fleet;Username=fleet' --password-file /etc/fleet/pg.pass --schema fleet",
            "PGPASSFILE=~/.pgpass pbm store migrate --connection postgresql://fleet@db.example/fleet --dry-run") { connection, passwordFile, schemas,
            dryRun };
        return command.Does(shell, async (session, cancel) =>
        {
            var target = Target(session.Get(connection)!, session.Get(passwordFile));
            var wanted = session.Get(schemas) is { Length: > 0 } names ? Known.Where(files => names.Contains(files.Schema)) : Known;
            try
            {
                await MigrateAsync(session, target, [.. wanted], session.Get(dryRun), cancel);
                return ExitCode.Ok;
            }
            catch (SchemaMismatchException e)
            {
                throw new PbmException(ExitCode.Refused, e.Message);
            }
            catch (Exception e) when (PostgresProblem.IsOne(e))
            {
                throw new PbmException(
                    e is PostgresException ? ExitCode.Refused : ExitCode.Unreachable, PostgresProblem.Words(e, target));
            }
        });
    }

    /// <summary>In the order of their names. A schema that this build has no version of is not there.</summary>
    private static ImmutableArray<SchemaFiles> Known { get; } = [SchemaFiles.ReadModel, SchemaFiles.Store];

    private static PostgresTarget Target(string connection, string? passwordFile)
    {
        if (!PostgresTarget.TryRead(connection, passwordFile, out var target, out var mistake))
            throw PbmException.Usage($"--connection: {mistake}");
        if (ConnectionText.TryRead(connection, out var settings, out _) && !string.IsNullOrEmpty(settings.Password))
            throw PbmException.Usage(
                "--connection holds a password, which everybody on this host can read in the list of processes: put it into PGPASSFILE, PGPASSWORD "
                + "or --password-file, and change it.");
        return target;
    }

    private static async Task MigrateAsync(
        Session session, PostgresTarget target, ImmutableArray<SchemaFiles> wanted, bool dryRun, CancellationToken cancel)
    {
        await using var source = target.Open("pbm store migrate");
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notice += (_, said) =>
        {
            if (said.Notice.Severity is "WARNING")
                session.Complain(said.Notice.MessageText);
        };
        var report = new JsonArray();
        foreach (var files in wanted.Where(files => files.Newest > 0))
        {
            var standing = await Migrator.LookAsync(connection, files, cancel);
            if (standing.Problem is not null && !standing.IsBehind)
                throw new SchemaMismatchException(standing);
            var steps = dryRun
                ? files.Migrations[standing.Version..]
                : await Migrator.ApplyAsync(connection, files, cancel);
            report.Add(new JsonObject
            {
                ["schema"] = files.Schema,
                ["before"] = standing.Version,
                ["after"] = dryRun ? standing.Version : files.Newest,
                ["needed"] = files.Newest,
                [dryRun ? "missing" : "applied"] = new JsonArray([.. steps.Select(step => (JsonNode)$"{step}")]),
            });
            session.Say(steps.IsEmpty
                ? $"Schema {files.Schema} of database {target} has version {files.Newest}, as needed; nothing was changed."
                : $"Schema {files.Schema} of database {target}: version {standing.Version} {(dryRun ? "would go" : "went")} to {files.Newest}, by "
                    + $"{string.Join(", ", steps)}.");
        }

        if (session.Json)
            session.Show(report);
    }
}
