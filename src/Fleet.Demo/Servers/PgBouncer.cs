using System.Net;
using Npgsql;

namespace Fleet.Demo.Servers;

/// <summary>A real PgBouncer in session mode before a <see cref="PostgresServer"/>: a client has a server's session while it stays.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";
    private const string Settings = "pgbouncer.ini";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PostgresServer _server;
    private readonly ServerUser _user = new(PostgresServer.Admin);
    private readonly ServerFolder _folder = new("pgbouncer");
    private readonly ServerProcess _process;

    private PgBouncer(PostgresServer server)
    {
        _server = server;
        _process = new ServerProcess(_folder, "pgbouncer", _user.Command(Program, [_folder.File(Settings)]));
    }

    public IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, LoopbackPort.Next());

    public string Log => _process.Log;

    public static bool IsInstalled => File.Exists(Program);

    public static async Task<PgBouncer> StartAsync(PostgresServer server)
    {
        var bouncer = new PgBouncer(server);
        try
        {
            await bouncer.WriteAsync();
            await bouncer.StartAgainAsync();
            return bouncer;
        }
        catch
        {
            await bouncer.DisposeAsync();
            throw;
        }
    }

    /// <summary>For Npgsql: as the ordinary role.</summary>
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString(database)) { Port = Endpoint.Port }.ConnectionString;

    /// <summary>SIGKILL: all who go through it lose their connections, and the server's sessions end.</summary>
    public Task KillAsync() => _process.KillAsync();

    public Task StartAgainAsync() => _process.StartAsync(AnswersAsync, Patience);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _folder.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        await _user.OwnAsync(_folder.Path);
        var users = await _user.WriteAsync(_folder.File("users.txt"), $"""
            "{PostgresServer.Role}" "{_server.Password}"
            "{PostgresServer.Admin}" "{_server.Password}"
            """);
        await _user.WriteAsync(_folder.File(Settings), $"""
            [databases]
            * = host={_server.Endpoint.Address} port={_server.Endpoint.Port}
            [pgbouncer]
            listen_addr = {Endpoint.Address}
            listen_port = {Endpoint.Port}
            unix_socket_dir = {_folder.Path}
            auth_type = scram-sha-256
            auth_file = {users}
            pool_mode = session
            default_pool_size = 40
            server_idle_timeout = 5
            """);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(ConnectionString("postgres") + ";Pooling=false");
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteNonQueryAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
