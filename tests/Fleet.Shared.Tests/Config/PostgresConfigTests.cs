using Fleet.Shared.Config;
using Fleet.Shared.Tests.Hocon;

namespace Fleet.Shared.Tests.Config;

public sealed class PostgresConfigTests
{
    private const string Example = "a database, such as \"Host=db.example;Database=fleet;Username=fleet\" or \"postgresql://fleet@db.example/fleet\"";

    [Theory]
    [InlineData("fleet.coordinator.store = postgres", "fleet.coordinator.postgres.connection: found null with store = postgres, allowed: " + Example)]
    [InlineData("fleet.coordinator.postgres.connection = \" \"", "fleet.coordinator.postgres.connection: found \" \", allowed: " + Example)]
    [InlineData(
        "fleet.coordinator.postgres.password-file = \"\"",
        "fleet.coordinator.postgres.password-file: found \"\", allowed: the name of a file that holds a password")]
    public void Mistake_is_told_with_what_is_allowed(string text, string message) =>
        Load(text).Errors.Select(error => $"{error}").ShouldHaveSingleItem().ShouldEndWith(message);

    [Fact]
    public void Settings_are_read_and_not_printed()
    {
        var coordinator = Load("""
            fleet.coordinator { store = postgres, postgres { connection = "postgresql://fleet:secret@db/fleet", password-file = /p } }
            """).Value.ShouldNotBeNull().Coordinator;
        coordinator.Store.ShouldBe(StoreKind.Postgres);
        coordinator.Postgres.ShouldBe(new PostgresSettings("postgresql://fleet:secret@db/fleet", "/p"));
        $"{coordinator}".ShouldNotContain("secret");
    }

    private static ConfigResult<FleetConfig> Load(string text) =>
        FleetConfig.Load("a.conf", new SourcesInMemory(("a.conf", text)), SourcesInMemory.NoEnvironment);
}
