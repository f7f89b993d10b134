using Fleet.Coordinator.Tests.Stores;
using Fleet.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Tests.Postgres;

public sealed class ConnectionTextTests
{
    [Theory]
    [InlineData("postgresql://db.example/fleet", "Host=db.example;Database=fleet")]
    [InlineData("postgres://fleet:s%3Bcret@db.example:6432/fleet", "Host=db.example;Port=6432;Database=fleet;Username=fleet;Password='s;cret'")]
    [InlineData("postgresql://a@10.0.0.1:1,10.0.0.2:2/b", "Host=10.0.0.1:1,10.0.0.2:2;Database=b;Username=a")]
    [InlineData("postgresql://[2001:db8::1]:5433/b", "Host=2001:db8::1;Port=5433;Database=b")]
    [InlineData("postgresql:///fleet?host=/run/postgresql&port=5433", "Host=/run/postgresql;Port=5433;Database=fleet")]
    [InlineData("postgresql://h/d?sslmode=verify-full&sslrootcert=/ca.pem", "Host=h;Database=d;SSL Mode=VerifyFull;Root Certificate=/ca.pem")]
    [InlineData("postgresql://h/d?sslmode=require&connect_timeout=3", "Host=h;Database=d;SSL Mode=Require;Timeout=3")]
    [InlineData("postgresql://h/d?target_session_attrs=read-write", "Host=h;Database=d;Target Session Attributes=read-write")]
    [InlineData("postgresql://h/d?passfile=/x&application_name=a%20b", "Host=h;Database=d;Passfile=/x;Application Name=a b")]
    public void Url_of_libpq_means_what_it_says_there(string url, string same)
    {
        ConnectionText.TryRead(url, out var settings, out var mistake).ShouldBeTrue(mistake);
        var expected = new NpgsqlConnectionStringBuilder(same);
        foreach (var key in expected.Keys!.Cast<string>().Union(settings.Keys!.Cast<string>()))
            $"{settings[key]}".ShouldBe($"{expected[key]}", key);
    }

    [Fact]
    public void Connection_string_is_read_as_npgsql_reads_it()
    {
        const string Text = "Server=db;Port=5433;Database=fleet;User Id=fleet;Password='a;b=c';SSL Mode=Prefer";
        ConnectionText.TryRead(Text, out var settings, out var mistake).ShouldBeTrue(mistake);
        settings.ConnectionString.ShouldBe(new NpgsqlConnectionStringBuilder(Text).ConnectionString);
    }

    [Theory]
    [InlineData("", "no host")]
    [InlineData("Host=db", "no database")]
    [InlineData("postgresql://db", "no database")]
    [InlineData("Database=fleet", "no host")]
    [InlineData("secret", "neither an Npgsql connection string")]
    [InlineData("Host=db;Database=fleet;Port=secret", "Port has a value that it cannot have")]
    [InlineData("Host=db;Database=fleet;Port=99999999999999999999", "Port has a value that it cannot have")]
    [InlineData("Host=db;Database=fleet;Password=my;secret=1", "what comes after password is no keyword")]
    [InlineData("postgresql://db/fleet?secret=1", "what comes after dbname is no keyword")]
    [InlineData("postgresql://db/fleet?sslmode=secret", "sslmode has a value that it cannot have")]
    [InlineData("postgresql://db/fleet?secret", "has no value")]
    [InlineData("postgresql://db/fleet?connect_timeout=secret", "connect_timeout has a value that it cannot have")]
    [InlineData("mysql://secret@db/fleet", "neither an Npgsql connection string")]
    public void Mistake_is_told_and_no_part_of_the_text_with_it(string text, string told)
    {
        ConnectionText.TryRead(text, out _, out var mistake).ShouldBeFalse();
        mistake.ShouldContain(told, Case.Insensitive);
        mistake.ShouldNotContain("secret");
    }

    [Fact]
    public void Password_file_that_everybody_may_read_is_refused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("password");
        File.WriteAllText(file, "secret\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        PostgresTarget.TryRead("Host=db;Database=fleet", file, out _, out var mistake).ShouldBeFalse();
        mistake.ShouldContain("chmod 600");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        PostgresTarget.TryRead("Host=db;Database=fleet", file, out _, out mistake).ShouldBeTrue(mistake);
        PasswordFile.TryRead(file, out var password, out _).ShouldBeTrue();
        password.ShouldBe("secret");
        PostgresTarget.TryRead("Host=db;Database=fleet", folder.File("none"), out _, out mistake).ShouldBeFalse();
        mistake.ShouldContain("cannot be read");
    }

    [Fact]
    public void Target_is_shown_without_its_password()
    {
        PostgresTarget.TryRead("postgresql://fleet:secret@db:5433/journal", null, out var target, out _).ShouldBeTrue();
        $"{target}".ShouldBe("journal at db:5433 as fleet");
        PostgresTarget.TryRead("postgresql://a:1,b:2/journal", null, out var two, out _).ShouldBeTrue();
        $"{two}".ShouldBe("journal at a:1,b:2");
        using var source = target.Open("test");
        source.ConnectionString.ShouldNotContain("secret");
    }
}
