namespace Fleet.Shared.Config;

/// <summary>`fleet.coordinator.postgres`: the database that holds the journal. What is in the connection is read by whoever connects.</summary>
/// <param name="Connection">As Npgsql or libpq write it; null where the journal is elsewhere. It may hold a password: it is not printed.</param>
/// <param name="PasswordFile">Its first line is the password; null leaves that to the connection and its environment.</param>
public sealed record PostgresSettings(string? Connection, string? PasswordFile)
{
    public override string ToString() => nameof(PostgresSettings);
}
