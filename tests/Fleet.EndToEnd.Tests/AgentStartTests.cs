using System.Net;
using System.Net.Sockets;
using Fleet.Demo.Processes;
using Fleet.Shared.Protocol;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// An agent that starts where another one still is: it waits, says for what, and gives up with a sentence when its patience is over.
/// </summary>
[Trait(Beside.Trait, Beside.Others)]
public sealed class AgentStartTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-e2e-").FullName;
    private readonly List<ChildProcess> _agents = [];

    [Fact]
    public async Task Second_agent_of_one_folder_waits_and_is_refused_and_the_first_goes_on()
    {
        var first = await FirstAsync();
        var log = await RefusedAsync("second", Start("second", "first", FreePort.Next(), FreePort.Next()));
        log.ShouldContain("Waiting for up to");
        log.ShouldContain("fleet.node.data = ");
        log.ShouldContain($"belongs to another agent, process {first.Pid} (fleet-node), and was for the 1 s that fleet.node.start-wait allows");
        first.HasExited.ShouldBeFalse();
    }

    [Theory]
    [InlineData("dns-listen")]
    [InlineData("api-listen")]
    public async Task Second_agent_of_one_port_waits_and_says_which_process_has_it(string key)
    {
        var (dns, api) = (FreePort.Next(), FreePort.Next());
        var first = await FirstAsync(dns, api);
        var second = Start("second", "second", key == "dns-listen" ? dns : FreePort.Next(), key == "api-listen" ? api : FreePort.Next());
        var log = await RefusedAsync("second", second);
        var sentence = $"fleet.node.{key} = 127.0.0.1:{(key == "dns-listen" ? dns : api)} is in use by process {first.Pid} (fleet-node)";
        log.ShouldContain("Waiting for up to");
        log.Split(sentence).Length.ShouldBe(3, $"once when it begins to wait and once when it ends\n{log}");
        first.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task Agent_that_waits_starts_when_the_other_is_gone()
    {
        var first = await FirstAsync();
        var second = Start("second", "first", FreePort.Next(), FreePort.Next(), "30s");
        await UntilAsync(() => Log("second").Contains("Waiting for up to", StringComparison.Ordinal));
        first.Send(Signal.Term);
        await UntilAsync(() => Log("second").Contains("DNS answers on", StringComparison.Ordinal));
        first.HasExited.ShouldBeTrue();
        first.ExitCode.ShouldBe(0);
        await UntilAsync(() => Log("second").Contains("Now listening on", StringComparison.Ordinal));
        second.Send(Signal.Term);
        await UntilAsync(() => second.HasExited);
        second.ExitCode.ShouldBe(0, Log("second"));
    }

    [Fact]
    public async Task Agent_that_is_told_to_stop_while_it_waits_or_starts_ends_with_0()
    {
        await FirstAsync();
        var waiting = Start("second", "first", FreePort.Next(), FreePort.Next(), "30s");
        await UntilAsync(() => Log("second").Contains("Waiting for up to", StringComparison.Ordinal));
        var starting = Start("third", "third", FreePort.Next(), FreePort.Next());
        await UntilAsync(() => Log("third").Contains("DNS answers on", StringComparison.Ordinal));
        foreach (var agent in new[] { waiting, starting })
        {
            agent.Send(Signal.Term);
            await UntilAsync(() => agent.HasExited);
            agent.ExitCode.ShouldBe(0, Log(agent.Name));
        }
    }

    /// <summary>
    /// Whoever asks a starting agent, which has a large map to read first, waits or is refused, and is never told that something broke.
    /// </summary>
    [Fact]
    public async Task Starting_agent_that_is_asked_how_it_is_answers_as_soon_as_it_can()
    {
        var api = FreePort.Next();
        var map = Build.Map(Build.Nodes(3), Enumerable.Range(1, 20_000).Select(number => Build.Serving(number, "adc-1")));
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "first")).FullName, "map.json"),
            $"{{\"schema\":{Wire.Schema},\"map\":{Wire.Encode(map)}}}");
        var agent = Start("first", "first", FreePort.Next(), api);
        using var http = new HttpClient();
        var asking = Enumerable.Range(0, 20).Select(async _ =>
        {
            while (!agent.HasExited)
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{api}/v1/status"));
                    return answer.StatusCode;
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(5);
                }
            }

            return HttpStatusCode.ServiceUnavailable;
        });
        (await Task.WhenAll(asking)).ShouldAllBe(status => status == HttpStatusCode.OK, Log("first"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var agent in _agents.Where(a => !a.HasExited))
        {
            agent.Send(Signal.Term);
            await UntilAsync(() => agent.HasExited);
        }

        foreach (var agent in _agents)
            await agent.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<ChildProcess> FirstAsync(int? dns = null, int? api = null)
    {
        var first = Start("first", "first", dns ?? FreePort.Next(), api ?? FreePort.Next());
        await UntilAsync(() => Log("first").Contains("Now listening on", StringComparison.Ordinal));
        return first;
    }

    /// <summary>Agents without a coordinator: nobody listens on port 9.</summary>
    private ChildProcess Start(string name, string data, int dns, int api, string wait = "1s")
    {
        string[] sets =
        [
            $"fleet.node.name={name}", $"fleet.node.data=\"{Path.Combine(_folder, data)}\"", $"fleet.node.dns-listen=\"127.0.0.1:{dns}\"",
            $"fleet.node.api-listen=\"127.0.0.1:{api}\"",
            "fleet.node.coordinators=[\"127.0.0.1:9\"]",
            $"fleet.node.start-wait={wait}",
            "fleet.node.relay.orphan-max=1s",
        ];
        var agent = ChildProcess.Start(name, Programs.Node, sets.SelectMany(set => new[] { "--set", set }), LogOf(name));
        _agents.Add(agent);
        return agent;
    }

    private async Task<string> RefusedAsync(string name, ChildProcess agent)
    {
        await UntilAsync(() => agent.HasExited);
        agent.ExitCode.ShouldBe(1, Log(name));
        await UntilAsync(() => Log(name).Contains("cannot start", StringComparison.Ordinal));
        return Log(name);
    }

    private string LogOf(string name) => Path.Combine(_folder, $"{name}.log");

    private string Log(string name)
    {
        using var reader = new StreamReader(new FileStream(LogOf(name), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(LivingFleet.Patience);
        while (!isSo())
            await Task.Delay(20, patience.Token);
    }
}
