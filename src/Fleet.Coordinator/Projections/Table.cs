using Npgsql;
using NpgsqlTypes;

namespace Fleet.Coordinator.Projections;

/// <summary>A table of the read model, filled by COPY: one round trip, however many rows.</summary>
/// <param name="Keys">How many of the first columns tell its rows apart; what rows are deleted by.</param>
internal sealed record Table(string Name, int Keys, params (string Name, NpgsqlDbType Type)[] Columns)
{
    public async Task InsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<object?[]> rows, CancellationToken cancellation, string schema = BatchRows.ReadModel)
    {
        if (rows.Count == 0)
            return;
        var columns = string.Join(", ", Columns.Select(c => c.Name));
        await using var copy = await connection.BeginBinaryImportAsync($"copy {schema}.{Name} ({columns}) from stdin (format binary)", cancellation);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellation);
            for (var i = 0; i < Columns.Length; i++)
                await WriteAsync(copy, row[i], Columns[i].Type, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    /// <param name="keys">Each as text.</param>
    public async Task DeleteAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string[]> keys, CancellationToken cancellation, string schema = BatchRows.ReadModel)
    {
        if (keys.Count == 0)
            return;
        var names = Columns.Take(Keys).Select(c => c.Name).ToArray();
        var lists = string.Join(", ", names.Select((_, i) => $"${i + 1}::text[]"));
        var same = string.Join(" and ", names.Select(name => $"t.{name} = k.{name}"));
        await using var delete = new NpgsqlCommand(
            $"delete from {schema}.{Name} t using unnest({lists}) as k({string.Join(", ", names)}) where {same}", connection);
        for (var i = 0; i < Keys; i++)
            delete.Parameters.AddWithValue(keys.Select(key => key[i]).ToArray());
        await delete.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>PostgreSQL takes no zero character in a text.</summary>
    private static Task WriteAsync(NpgsqlBinaryImporter copy, object? value, NpgsqlDbType type, CancellationToken cancellation) => value switch
    {
        null => copy.WriteNullAsync(cancellation),
        string text when type == NpgsqlDbType.Jsonb =>
            copy.WriteAsync(text.Replace("\\u0000", "\\ufffd", StringComparison.Ordinal), type, cancellation),
        string text => copy.WriteAsync(text.Replace('\0', '\ufffd'), type, cancellation),
        DateTimeOffset at => copy.WriteAsync(at.UtcDateTime, type, cancellation),
        _ => copy.WriteAsync(value, type, cancellation),
    };
}
