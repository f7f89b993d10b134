using System.Net;
using System.Security.Cryptography;
using Fleet.Demo.Processes;
using Npgsql;

namespace Fleet.Demo.Servers;

/// <param name="Fsync">Off is quicker, and loses data with the power; what kill -9 may lose is the same.</param>
/// <param name="ConnectionsMax">Small: each has its own memory.</param>
internal sealed record PostgresServerOptions(bool Fsync = true, int ConnectionsMax = 60);

/// <summary>
/// A real PostgreSQL in a temporary folder, on a port of 127.0.0.1 and a Unix socket in the folder. Passwords are asked for. It has two roles:
/// <see cref="Admin"/>, who may do everything, and <see cref="Role"/>, an ordinary one to whom the databases that are made here belong.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string Admin = "postgres";
    public const string Role = "fleet";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Homes = ["/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin", "/usr/bin"];

    private readonly ServerUser _user = new(Admin);
    private readonly ServerFolder _folder = new("postgres");
    private readonly ServerProcess _process;

    private PostgresServer(PostgresServerOptions options)
    {
        _process = new ServerProcess(_folder, "postgres", _user.Command(Program("postgres")!, Arguments(options)));
    }

    public IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, LoopbackPort.Next());

    /// <summary>Of both roles; nobody else knows it.</summary>
    public string Password { get; } = RandomNumberGenerator.GetHexString(24, lowercase: true);

    public bool IsRunning => _process.IsRunning;

    /// <summary>The folder of the Unix socket.</summary>
    public string SocketFolder => _folder.Path;

    public string Log => _process.Log;

    /// <summary>Its programs are here.</summary>
    public static bool IsInstalled => Program("postgres") is not null && Program("initdb") is not null;

    /// <exception cref="InvalidOperationException">It does not start; the message has the end of its log.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions? options = null)
    {
        var server = new PostgresServer(options ?? new PostgresServerOptions());
        try
        {
            await server.MakeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>For Npgsql: as the ordinary role.</summary>
    public string ConnectionString(string database) => ConnectionString(database, Role);

    public string ConnectionString(string database, string role) => new NpgsqlConnectionStringBuilder
    {
        Host = $"{Endpoint.Address}",
        Port = Endpoint.Port,
        Database = database,
        Username = role,
        Password = Password,
    }.ConnectionString;

    /// <summary>For psql, psycopg and whatever else is built on libpq.</summary>
    public string Url(string database, string role = Role) => $"postgresql://{role}:{Password}@{Endpoint}/{database}";

    /// <summary>One that belongs to the ordinary role.</summary>
    public async Task CreateDatabaseAsync(string name) => await RunAsync($"create database \"{name}\" owner \"{Role}\"");

    /// <summary>With whoever is connected to it.</summary>
    public async Task DropDatabaseAsync(string name) => await RunAsync($"drop database if exists \"{name}\" with (force)");

    /// <summary>Runs a statement as the one who may do everything.</summary>
    public async Task RunAsync(string sql, string database = "postgres")
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString(database, Admin) + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>SIGKILL to the server and all of its backends, as when the host is lost.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>A fast shutdown: whoever is connected is disconnected.</summary>
    public Task EndAsync() => _process.EndAsync(Signal.Interrupt);

    /// <summary>After it was killed or has ended: with the same data, on the same port.</summary>
    public Task StartAgainAsync() => _process.StartAsync(AnswersAsync, Patience);

    /// <inheritdoc cref="ServerProcess.Freeze"/>
    public void Freeze() => _process.Freeze();

    /// <inheritdoc cref="ServerProcess.Thaw"/>
    public void Thaw() => _process.Thaw();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _folder.DisposeAsync();
    }

    private static string? Program(string name) => Homes.Select(home => Path.Combine(home, name)).FirstOrDefault(File.Exists);

    private async Task MakeAsync()
    {
        await _user.OwnAsync(_folder.Path);
        var password = await _user.WriteAsync(_folder.File("password"), Password);
        await _user.RunAsync(
            Program("initdb")!,
            "--pgdata", _folder.File("data"),
            "--username", Admin,
            "--pwfile", password,
            "--auth", "scram-sha-256",
            "--encoding", "UTF8",
            "--locale", "C",
            "--wal-segsize", "1",
            "--no-sync");
        await StartAgainAsync();
        await RunAsync($"create role \"{Role}\" login password '{Password}'");
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await RunAsync("select 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private string[] Arguments(PostgresServerOptions options)
    {
        (string Name, object Value)[] settings =
        [
            ("listen_addresses", Endpoint.Address),
            ("port", Endpoint.Port),
            ("unix_socket_directories", _folder.Path),
            ("fsync", options.Fsync ? "on" : "off"),
            ("max_connections", options.ConnectionsMax),
            ("shared_buffers", "32MB"),
            ("max_wal_size", "256MB"),
            ("logging_collector", "off"),
            ("timezone", "UTC"),
        ];
        return ["-D", _folder.File("data"), .. settings.SelectMany(setting => new[] { "-c", $"{setting.Name}={setting.Value}" })];
    }
}
