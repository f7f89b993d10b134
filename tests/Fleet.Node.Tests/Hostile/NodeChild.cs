using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Fleet.Node.Tests.Hostile;

/// <summary>An agent as a process of its own, on free ports of loopback, with no coordinator to go to.</summary>
public sealed class NodeChild : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-node-").FullName;
    private readonly ConcurrentQueue<string> log = new();
    private readonly Process process;
    private readonly int api = FreePort(SocketType.Stream);
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private NodeChild(string? map)
    {
        Watch = new IPEndPoint(IPAddress.Loopback, FreePort(SocketType.Dgram));
        if (map is not null)
            File.Copy(map, Path.Combine(folder, "map.json"));
        process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "fleet-node"))
        {
            ArgumentList =
            {
                "--set", "fleet.node.name=adc-1", "--set", $"fleet.node.data=\"{folder}\"", "--set", "fleet.node.coordinators=[\"127.0.0.1:9\"]",
                "--set", $"fleet.node.api-listen=\"127.0.0.1:{api}\"", "--set", "fleet.node.dns-listen=\"127.0.0.1:0\"", "--set", $"fleet.node.witness-listen=\"{Watch}\"",
                "--set", "fleet.node.relay.orphan-max=200ms",
            },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("No process.");
        process.OutputDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IPEndPoint Watch { get; }

    public bool IsRunning => !process.HasExited;

    public string Log => string.Join('\n', log);

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

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{api}{path}"))!;

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort(SocketType type)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
