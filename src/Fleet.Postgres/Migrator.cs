using System.Collections.Immutable;
using Npgsql;

namespace Fleet.Postgres;

/// <summary>
/// Brings a schema to the version that this program works with: only when somebody asks for it. Programs that use a schema call
/// <see cref="ExpectAsync"/>, which changes nothing.
/// </summary>
public static class Migrator
{
    /// <summary>How far the database is. It may have been migrated by others when this returns.</summary>
    public static Task<SchemaStanding> LookAsync(NpgsqlConnection connection, SchemaFiles files, CancellationToken cancellation) =>
        LookAsync(connection, null, files, cancellation);

    /// <exception cref="SchemaMismatchException">The database has another version than this program works with.</exception>
    public static async Task ExpectAsync(NpgsqlConnection connection, SchemaFiles files, CancellationToken cancellation)
    {
        var standing = await LookAsync(connection, files, cancellation);
        if (standing.Problem is not null)
            throw new SchemaMismatchException(standing);
    }

    /// <summary>Applies what is missing, each migration in a transaction of its own. Two that migrate at once take turns.</summary>
    /// <returns>What was applied.</returns>
    /// <exception cref="SchemaMismatchException">The database is newer, or was made by other texts: nothing is changed then.</exception>
    public static async Task<ImmutableArray<Migration>> ApplyAsync(NpgsqlConnection connection, SchemaFiles files, CancellationToken cancellation)
    {
        var applied = ImmutableArray.CreateBuilder<Migration>();
        while (await ApplyNextAsync(connection, files, cancellation) is { } next)
            applied.Add(next);
        return applied.ToImmutable();
    }

    private static async Task<Migration?> ApplyNextAsync(NpgsqlConnection connection, SchemaFiles files, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, transaction, $"select pg_advisory_xact_lock(hashtext('fleet migrate {files.Schema}'))", cancellation);
        var standing = await LookAsync(connection, transaction, files, cancellation);
        if (!standing.IsBehind)
            return standing.Problem is null ? null : throw new SchemaMismatchException(standing);
        var next = files.Migrations[standing.Version];
        if (standing.Version == 0)
            await ExecuteAsync(connection, transaction, Bookkeeping(files.Schema), cancellation);
        await ExecuteAsync(connection, transaction, next.Sql, cancellation);
        await using (var note = new NpgsqlCommand(
            $"insert into {files.Schema}.schema_version (version, name, checksum) values ($1, $2, $3)", connection, transaction))
        {
            note.Parameters.AddWithValue(next.Number);
            note.Parameters.AddWithValue(next.Name);
            note.Parameters.AddWithValue(next.Checksum);
            await note.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return next;
    }

    private static string Bookkeeping(string schema) => $"""
        create schema if not exists {schema};
        create table {schema}.schema_version (
            version int primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null default now(),
            applied_by text not null default current_user);
        comment on table {schema}.schema_version is 'Which migrations were applied here; written by pbm store migrate alone.';
        """;

    private static async Task<SchemaStanding> LookAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, SchemaFiles files, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand($"select to_regclass('{files.Schema}.schema_version') is not null", connection, transaction);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
            return new SchemaStanding(files.Schema, connection.Database, 0, files.Newest, null);
        var version = 0;
        Migration? changed = null;
        await using var read = new NpgsqlCommand(
            $"select version, checksum from {files.Schema}.schema_version order by version", connection, transaction);
        await using var rows = await read.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            version = rows.GetInt32(0);
            if (version <= files.Newest && files.Migrations[version - 1].Checksum != rows.GetString(1))
                changed ??= files.Migrations[version - 1];
        }

        return new SchemaStanding(files.Schema, connection.Database, version, files.Newest, changed);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, CancellationToken cancellation)
    {
        // A migration may take longer than a query: a table of a year is rewritten.
        await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
