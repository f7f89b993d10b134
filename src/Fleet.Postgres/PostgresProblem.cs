using System.Net.Sockets;
using Npgsql;

namespace Fleet.Postgres;

/// <summary>Why a database cannot be used, in words for whoever has to mend it. They hold no secret.</summary>
public static class PostgresProblem
{
    /// <summary>The exception comes from talking to a database, not from a mistake in the program.</summary>
    public static bool IsOne(Exception e) =>
        e is NpgsqlException or SocketException or IOException or TimeoutException or SchemaMismatchException
        || e is ObjectDisposedException { ObjectName: not null } or InvalidOperationException { InnerException: NpgsqlException };

    /// <param name="target">Which database.</param>
    public static string Words(Exception e, PostgresTarget target) => $"PostgreSQL, database {target}: {Words(e)}";

    private static string Words(Exception e) => e switch
    {
        SchemaMismatchException => e.Message,
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            $"{refused.MessageText}. See connection, password-file and PGPASSFILE here, and pg_hba.conf there.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } full => $"too many connections: {full.MessageText}",
        PostgresException
        { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn } other =>
            $"{other.MessageText}: the schema is missing or another version's. Make it with: pbm store migrate",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            $"{denied.MessageText}: the role that uses the schema must be the one that migrated it, or have been granted it.",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => "it is a read-only replica: name the primary, or all hosts.",
        PostgresException other => $"{other.MessageText} ({other.SqlState})",
        { InnerException: PostgresException inner } => Words(inner),
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } or
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            "connection refused: nothing listens there. Is PostgreSQL running?",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "it does not answer in time.",
        NpgsqlException { InnerException: { } cause } => $"{e.Message}: {cause.Message}",
        _ => e.Message,
    };
}
