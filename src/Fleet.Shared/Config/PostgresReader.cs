using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>`fleet.coordinator.postgres`.</summary>
internal static class PostgresReader
{
    const string Example = "a database, such as \"Host=db.example;Database=fleet;Username=fleet\" or \"postgresql://fleet@db.example/fleet\"";

    static readonly Reading<string> Connection = Text(Example, t => t.Trim().Length > 0);

    static readonly Reading<string> File = Text("the name of a file that holds a password", t => t.Trim().Length > 0);

    public static PostgresSettings Read(ConfigReader coordinator, StoreKind store)
    {
        var postgres = coordinator.Section("postgres");
        var errors = postgres.ErrorCount;
        var settings = new PostgresSettings(postgres.Optional("connection", Connection), postgres.Optional("password-file", File));
        if (postgres.IsSoundSince(errors) && store == StoreKind.Postgres && settings.Connection is null)
            postgres.Report("connection", "null with store = postgres", Example);
        postgres.Close();
        return settings;
    }
}
