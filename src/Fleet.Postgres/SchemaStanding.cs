namespace Fleet.Postgres;

/// <summary>A database's version of a schema, next to the one that this program works with.</summary>
/// <param name="Version">0 when the schema is not there.</param>
/// <param name="Needed">What this program works with.</param>
/// <param name="Changed">A migration whose text is another here than the one that was applied there; null is the normal case.</param>
public sealed record SchemaStanding(string Schema, string Database, int Version, int Needed, Migration? Changed)
{
    /// <summary>Why a program cannot work with that database, and what to do; null when it can.</summary>
    public string? Problem => this switch
    {
        { Changed: { } changed } =>
            $"Schema {Schema} of database {Database} was made by another text of migration {changed}: this build and the one that made it do not "
            + "belong together. Use the build that made it, or restore the database from a copy.",
        _ when Version > Needed =>
            $"Schema {Schema} of database {Database} has version {Version}, which is newer than the {Needed} that this program knows: use a newer "
            + "program.",
        { Version: 0 } =>
            $"Database {Database} has no schema {Schema}; version {Needed} is needed. Make it with: pbm store migrate",
        _ when Version < Needed =>
            $"Schema {Schema} of database {Database} has version {Version}, and {Needed} is needed. Bring it there with: pbm store migrate",
        _ => null,
    };

    /// <summary>Migrations can mend it.</summary>
    public bool IsBehind => Changed is null && Version < Needed;
}

/// <summary>A database has another version of a schema than this program works with. The message says what to do.</summary>
public sealed class SchemaMismatchException(SchemaStanding standing) : Exception(standing.Problem)
{
    public SchemaStanding Standing => standing;
}
