using Fleet.Cli.Messages;

namespace Fleet.Cli.Tests;

/// <summary><c>pbm store migrate</c> as far as it needs no database; that it migrates is tested where one runs.</summary>
public sealed class StoreMigrateTests
{
    [Theory]
    [InlineData("Host=127.0.0.1;Database=fleet;Password=geheim")]
    [InlineData("postgresql://fleet:geheim@127.0.0.1/fleet")]
    public async Task Password_on_the_command_line_is_refused_and_not_repeated(string connection)
    {
        var run = await PbmRun.RunAsync(["store", "migrate", "--connection", connection], []);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("--connection holds a password");
        (run.Out + run.Error).ShouldNotContain("geheim");
    }

    [Fact]
    public async Task Database_that_is_not_there_is_named_without_a_secret()
    {
        var run = await PbmRun.RunAsync(["store", "migrate", "--connection", "postgresql://fleet@127.0.0.1:1/fleet"], []);
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Error.ShouldContain("PostgreSQL, database fleet at 127.0.0.1:1 as fleet: connection refused");
    }

    [Fact]
    public async Task What_is_no_database_and_what_is_no_schema_is_a_mistake_of_the_command_line()
    {
        (await PbmRun.RunAsync(["store", "migrate", "--connection", "postgresql://fleet@127.0.0.1"], [])).Code.ShouldBe(ExitCode.Usage);
        (await PbmRun.RunAsync(["store", "migrate", "--connection", "postgresql://a@b/c", "--schema", "public"], [])).Code.ShouldBe(ExitCode.Usage);
    }
}
