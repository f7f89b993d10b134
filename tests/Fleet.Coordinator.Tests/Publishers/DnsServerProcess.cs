using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fleet.Coordinator.Publishers;
using Fleet.Coordinator.Tests.Stores;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Tests.Publishers;

/// <summary>
/// A real DNS server as a process of its own, on a loopback port, with one zone <c>example.net</c> that the keys <c>fleet</c> and <c>fleet512</c> may
/// update and transfer. It ends with its test.
/// </summary>
public sealed class DnsServerProcess : IDisposable
{
    /// <summary>Octets 0 to 31 as base64: a secret of nobody's.</summary>
    public const string Secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public static readonly DnsName Zone = DnsName.Parse("example.net");

    private readonly TemporaryFolder _folder = new();
    private readonly string _program;
    private readonly string[] _arguments;
    private Process? _process;

    private DnsServerProcess(string kind)
    {
        Endpoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        (_program, _arguments) = ServerFiles.Write(kind, _folder, Endpoint.Port);
    }

    public IPEndPoint Endpoint { get; }

    public static TheoryData<string> Kinds => ["bind", "knot", "powerdns"];

    public static TsigKey Key { get; } = new(DnsName.Parse("fleet"), TsigAlgorithm.HmacSha256, Convert.FromBase64String(Secret));

    internal DnsServerLink Link => LinkWith(Key);

    internal DnsServerLink LinkWith(TsigKey key) => new(Endpoint, key, TimeProvider.System);

    public static async Task<DnsServerProcess> StartAsync(string kind)
    {
        var server = new DnsServerProcess(kind);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public async Task StartAsync()
    {
        var info = new ProcessStartInfo(
            SystemProgram.Find(_program)!, _arguments)
        { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        _process = Process.Start(info)!;
        var said = new List<string?>();
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (var tries = 0; ; tries++)
        {
            try
            {
                await Link.TransferAsync(Zone, CancellationToken.None);
                return;
            }
            catch (DnsFailureException e) when (tries < 200 && !_process.HasExited)
            {
                await Task.Delay(e.Failure.Kind == DnsFailureKind.Unreachable ? 25 : 100);
            }
            catch (DnsFailureException e)
            {
                lock (said)
                    throw new InvalidOperationException($"{_program} does not give its zone: {e.Message}\n{string.Join('\n', said.TakeLast(30))}", e);
            }
        }

        void Keep(string? line)
        {
            lock (said)
                said.Add(line);
        }
    }

    public void Stop()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>A key file as <c>tsig-keygen</c> prints it, readable by its owner alone.</summary>
    public string KeyFile(string name = "fleet", string algorithm = "hmac-sha256", string secret = Secret)
    {
        var path = _folder.File($"{Guid.NewGuid():n}.key");
        File.WriteAllText(path, ServerFiles.Key(name, algorithm, secret));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    public void Dispose()
    {
        Stop();
        _folder.Dispose();
    }

    /// <summary>What a program prints; its failure is the test's.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var run = Process.Start(
            new ProcessStartInfo(
                SystemProgram.Find(program)!, arguments)
            { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = run.StandardError.ReadToEndAsync();
        var text = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        run.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {text}{errors.Result}");
        return text;
    }
}
