using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Coordinator.Tests.Stores;

namespace Fleet.Coordinator.Tests.Hostile;

/// <summary>A coordinator as a process of its own, with its log, on a free port of loopback.</summary>
public sealed class CoordinatorChild : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Process _process;
    private readonly int _port = FreePort.Next();

    /// <param name="shared">A folder that another coordinator may have; null is one of its own.</param>
    /// <param name="settings">As <c>--set</c> takes them.</param>
    private CoordinatorChild(string? data, string? shared, params IEnumerable<string> settings)
    {
        Name = shared is null ? "c1" : $"c{_port}";
        Data = shared ?? _folder.File("data");
        if (data is not null)
            Copy(data, Data);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "exec", Path.Combine(AppContext.BaseDirectory, "fleet-coordinator.dll"),
                "--set", $"fleet.coordinator.listen=\"127.0.0.1:{_port}\"", "--set", $"fleet.coordinator.data=\"{Data}\"",
                "--set", $"fleet.coordinator.name={Name}",
            },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var setting in settings)
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add(setting);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("No process.");
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://{Address}"),
            Timeout = Patience,
        };
    }

    public HttpClient Http { get; }

    public bool IsRunning => !_process.HasExited;

    /// <summary>The first is c1.</summary>
    public string Name { get; }

    public string Log => string.Join('\n', _log);

    /// <summary>Host and port of everything it serves.</summary>
    public string Address => $"127.0.0.1:{_port}";

    private string Data { get; }

    /// <param name="data">A folder to begin with; it is copied.</param>
    public static Task<CoordinatorChild> StartAsync(string? data = null) =>
        StartedAsync(new CoordinatorChild(data, null), answer => answer.IsSuccessStatusCode);

    /// <param name="settings">As <c>--set</c> takes them.</param>
    public static Task<CoordinatorChild> StartWithAsync(params IEnumerable<string> settings) =>
        StartedAsync(new CoordinatorChild(null, null, settings), answer => answer.IsSuccessStatusCode);

    /// <summary>Another one on the same folder, which waits for the lock, follows the journal and has heard the leader.</summary>
    public Task<CoordinatorChild> StartFollowerAsync() => StartedAsync(
        new CoordinatorChild(null, Data), answer => answer.Headers.TryGetValues("Fleet-Observed", out _), "/v1/map");

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP and SIGCONT.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    private static async Task<CoordinatorChild> StartedAsync(
        CoordinatorChild child, Func<HttpResponseMessage, bool> isUp, string path = "/v1/cluster")
    {
        var until = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await child.Http.GetAsync(path);
                if (isUp(answer))
                    return child;
            }
            catch (HttpRequestException)
            {
                // Not up yet.
            }

            if (!child.IsRunning || until.Elapsed > Patience)
            {
                var log = child.Log;
                await child.DisposeAsync();
                throw new InvalidOperationException($"The coordinator did not start:\n{log}");
            }

            await Task.Delay(50);
        }
    }

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, byte[]? body = null, string? actor = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (actor is not null)
            request.Headers.TryAddWithoutValidation("Fleet-Actor", actor);
        using var answer = await Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>One header of the answer to a GET; null when it has none.</summary>
    public async Task<string?> HeaderAsync(string path, string header)
    {
        using var answer = await Http.GetAsync(path);
        return answer.Headers.TryGetValues(header, out var values) ? values.Single() : null;
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(path))!;

    /// <summary>
    /// A busy machine may let this process stand still for longer than a link may be without a hello: whoever is reset for that comes again, as nodes
    /// do.
    /// </summary>
    private async Task<ClientWebSocket> ConnectAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var socket = new ClientWebSocket();
            try
            {
                await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_port}/v1/link"), cancellation);
                return socket;
            }
            catch (WebSocketException)
            {
                socket.Dispose();
                await Task.Delay(50, cancellation);
                IsRunning.ShouldBeTrue(Log);
            }
        }
    }

    /// <summary>Says these messages on one link and returns what comes back until it closes, or falls silent.</summary>
    public async Task<string[]> TalkAsync(params byte[][] messages)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = await ConnectAsync(patience.Token);
        var heard = new List<string>();
        try
        {
            foreach (var message in messages)
                await socket.SendAsync(message, WebSocketMessageType.Text, true, patience.Token);
            patience.CancelAfter(TimeSpan.FromMilliseconds(500));
            var buffer = new byte[1 << 20];
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, patience.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
                heard.Add(Encoding.UTF8.GetString(buffer, 0, part.Count));
            }

            heard.Add("closed");
        }
        catch (WebSocketException)
        {
            heard.Add("closed");
        }
        catch (OperationCanceledException)
        {
            // It has nothing more to say.
        }

        return [.. heard];
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
        _folder.Dispose();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
