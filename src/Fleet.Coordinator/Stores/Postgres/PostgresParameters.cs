using Npgsql;

namespace Fleet.Coordinator.Stores.Postgres;

internal static class PostgresParameters
{
    /// <summary>$1, $2 and so on.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
