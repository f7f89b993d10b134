using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Fleet.Postgres;

/// <summary>
/// How people write where a database is: Npgsql's connection string, or a URL of libpq, <c>postgresql://user@host/database?sslmode=...</c>. What is
/// missing, Npgsql takes from where libpq does: PGUSER, PGPASSWORD, PGPASSFILE, ~/.pgpass, PGSSLROOTCERT and so on. No message holds any part of a
/// text, other than the names of keywords, for it may have a password in it.
/// </summary>
public static class ConnectionText
{
    /// <summary>False with a sentence about what is wrong.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out NpgsqlConnectionStringBuilder? settings, out string mistake)
    {
        settings = null;
        if (ConnectionUrl.IsUrl(text))
        {
            if (!ConnectionUrl.TryRead(text, out var pairs, out mistake) || !TrySet(pairs, ConnectionUrl.Keyword, out settings, out mistake))
                return false;
        }
        else if (!TryPairs(text, out var pairs, out mistake) || !TrySet(pairs, name => name, out settings, out mistake))
        {
            return false;
        }

        if (string.IsNullOrEmpty(settings.Host))
            mistake = "it names no host: Host=... in a connection string, or postgresql://HOST/DATABASE";
        else if (string.IsNullOrEmpty(settings.Database))
            mistake = "it names no database: Database=... in a connection string, or postgresql://HOST/DATABASE";
        if (mistake.Length > 0)
            settings = null;
        return settings is not null;
    }

    private static bool TryPairs(string text, out List<(string Name, string Value)> pairs, out string mistake)
    {
        pairs = [];
        mistake = "";
        try
        {
            var plain = new DbConnectionStringBuilder { ConnectionString = text };
            pairs.AddRange(plain.Keys!.Cast<string>().Select(name => (name, $"{plain[name]}")));
            return true;
        }
        catch (ArgumentException)
        {
            mistake = "it is neither an Npgsql connection string, such as Host=db.example;Database=fleet;Username=fleet, nor a URL, such as "
                + "postgresql://fleet@db.example/fleet";
            return false;
        }
    }

    private static bool TrySet(
        List<(string Name, string Value)> pairs,
        Func<string, string?> keyword,
        [NotNullWhen(true)] out NpgsqlConnectionStringBuilder? settings,
        out string mistake)
    {
        settings = new NpgsqlConnectionStringBuilder();
        mistake = "";
        var before = "its beginning";
        foreach (var (name, value) in pairs)
        {
            // An unknown word is not repeated: a password that holds a ';' may have got there.
            if (keyword(name) is not { } known || !settings.ContainsKey(known))
                mistake = $"what comes after {before} is no keyword that Npgsql has; a value that holds ';' or '=' is put into quotes, and in a URL "
                    + "special characters are written %3B";
            else if (!TrySet(settings, known, value))
                mistake = $"{name} has a value that it cannot have";
            if (mistake.Length > 0)
            {
                settings = null;
                return false;
            }

            before = name;
        }

        return true;
    }

    private static bool TrySet(NpgsqlConnectionStringBuilder settings, string keyword, string value)
    {
        try
        {
            settings[keyword] = value;
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }
}
