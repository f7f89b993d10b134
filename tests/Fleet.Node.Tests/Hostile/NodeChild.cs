using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Fleet.Node.Tests.Hostile;

/// <summary>An agent as a process of its own, on free ports of loopback, with no coordinator to go to.</summary>
public sealed class NodeChild : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-node-").FullName;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Process _process;
    private readonly int _api = FreePort.Next();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private NodeChild(string? map)
    {
        Watch = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        if (map is not null)
            File.Copy(map, Path.Combine(_folder, "map.json"));
        _process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "fleet-node"))
        {
            ArgumentList =
            {
                "--set", "fleet.node.name=adc-1", "--set", $"fleet.node.data=\"{_folder}\"", "--set", "fleet.node.coordinators=[\"127.0.0.1:9\"]",
                "--set",
                $"fleet.node.api-listen=\"127.0.0.1:{_api}\"",
                "--set",
                "fleet.node.dns-listen=\"127.0.0.1:0\"",
                "--set",
                $"fleet.node.witness-listen=\"{Watch}\"",
                "--set", "fleet.node.relay.orphan-max=200ms",
            },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("No process.");
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IPEndPoint Watch { get; }

    public bool IsRunning => !_process.HasExited;

    public string Log => string.Join('\n', _log);

    /// <param name="map">The last map, as a file; it is copied.</param>
    public static async Task<NodeChild> StartAsync(string? map = null)
    {
        var child = new NodeChild(map);
        var until = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await child.GetAsync("/v1/map");
                return child;
            }
            catch (HttpRequestException e)
            {
                if (!child.IsRunning || until.Elapsed > TimeSpan.FromSeconds(60))
                    throw new InvalidOperationException($"The node did not start:\n{child.Log}", e);
            }

            await Task.Delay(50);
        }
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_api}{path}"))!;

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
