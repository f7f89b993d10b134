using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Fleet.Postgres;

/// <summary>A database, and how to get in. What it prints has no secret in it.</summary>
public sealed class PostgresTarget
{
    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly string? _passwordFile;

    private PostgresTarget(NpgsqlConnectionStringBuilder settings, string? passwordFile)
    {
        _settings = settings;
        _passwordFile = passwordFile;
    }

    private bool IsOneHost => !_settings.Host!.Contains(',', StringComparison.Ordinal);

    /// <param name="connection">See <see cref="ConnectionText"/>.</param>
    /// <param name="passwordFile">Read again for every connection, so that a password can be changed; null leaves it to the connection.</param>
    /// <returns>False with a sentence about what is wrong.</returns>
    public static bool TryRead(string connection, string? passwordFile, [NotNullWhen(true)] out PostgresTarget? target, out string mistake)
    {
        target = ConnectionText.TryRead(connection, out var settings, out mistake)
            && (passwordFile is null || PasswordFile.TryRead(passwordFile, out _, out mistake))
            ? new PostgresTarget(settings, passwordFile)
            : null;
        return target is not null;
    }

    /// <param name="program">What <c>pg_stat_activity</c> shows, unless the connection says something else.</param>
    /// <param name="tune">What this use of it needs different.</param>
    public NpgsqlDataSource Open(string program, Action<NpgsqlConnectionStringBuilder>? tune = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Enlist = false };
        settings.ApplicationName ??= program;
        if (!IsOneHost)
            settings.TargetSessionAttributes ??= "read-write";
        tune?.Invoke(settings);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (_passwordFile is { } file)
        {
            builder.ConnectionStringBuilder.Password = null;
            builder.UsePasswordProvider(_ => Password(file), (_, _) => ValueTask.FromResult(Password(file)));
        }

        return builder.Build();
    }

    /// <summary>For people: <c>fleet at db.example:5432 as fleet</c>.</summary>
    public override string ToString() =>
        $"{_settings.Database} at {_settings.Host}{(IsOneHost ? $":{_settings.Port}" : "")}{(_settings.Username is { } user ? $" as {user}" : "")}";

    private static string Password(string file) =>
        PasswordFile.TryRead(file, out var password, out var mistake) ? password : throw new NpgsqlException($"the password file {mistake}");
}
