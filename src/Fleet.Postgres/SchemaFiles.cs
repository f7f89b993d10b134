using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace Fleet.Postgres;

/// <summary>The versions of one schema, as this program carries them.</summary>
/// <param name="Schema">Its name in the database; a plain identifier.</param>
/// <param name="Migrations">In order, from 1 on, without a gap.</param>
public sealed record SchemaFiles(string Schema, ImmutableArray<Migration> Migrations)
{
    /// <summary>What automation reads.</summary>
    public static SchemaFiles ReadModel { get; } = Load("fleet");

    /// <summary>Journal, snapshots and leadership of a fleet that keeps them in PostgreSQL.</summary>
    public static SchemaFiles Store { get; } = Load("fleet_store");

    /// <summary>The version that this program works with.</summary>
    public int Newest => Migrations.Length;

    private static SchemaFiles Load(string schema)
    {
        var assembly = typeof(SchemaFiles).Assembly;
        var prefix = $"sql/{schema}/";
        var migrations = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(assembly, name, name[prefix.Length..]))
            .ToImmutableArray();
        for (var i = 0; i < migrations.Length; i++)
        {
            if (migrations[i].Number != i + 1)
                throw new InvalidOperationException($"infra/postgres/{schema}: {migrations[i]} is where number {i + 1} should be.");
        }

        return new SchemaFiles(schema, migrations);
    }

    private static Migration Read(Assembly assembly, string resource, string file)
    {
        using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var dash = file.IndexOf('-', StringComparison.Ordinal);
        return new Migration(int.Parse(file[..dash], CultureInfo.InvariantCulture), file[(dash + 1)..], text.ReadToEnd());
    }
}
