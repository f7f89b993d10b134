using System.Net;
using System.Text.Json;
using Fleet.Demo.Processes;
using Fleet.Lab.Labs;
using Fleet.Lab.Traffic;
using Fleet.Shared.Api;
using Fleet.Testing.Contracts;

namespace Fleet.Lab.Tests.Live;

/// <summary>What people and scripts see of a lab: the commands, and a real coordinator with agents in it.</summary>
[NeedsLab]
[Collection(LiveLabs.Name)]
public sealed class LabCommandTests : IAsyncLifetime
{
    private static readonly IPEndPoint Vip = IPEndPoint.Parse("10.1.128.1:80");

    private readonly string _lab = LiveLab.NewName();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await LabDown.RunAsync(_lab, CancellationToken.None);

    [ContractFact]
    public async Task Agents_join_a_coordinator_over_the_control_network_and_the_one_that_is_cut_off_is_missed()
    {
        var up = await LiveLab.CommandAsync(
            "up", "--name", _lab, "--coordinators", "1", "--nodes", "3", "--clients", "1", "--backends", "1");
        up.Code.ShouldBe(0, up.Errors);
        up.Output.ShouldContain("24 VIPs served");
        using var http = NetworkLab.Open(_lab).HttpFrom("coordinator-1", TimeSpan.FromSeconds(5));
        await LiveLab.UntilAsync(async () => await UpAsync(http) == 3, "three nodes");

        using var status = JsonDocument.Parse((await LiveLab.CommandAsync("status", "--json", "--name", _lab)).Output);
        var root = status.RootElement;
        root.GetProperty("zone").GetString().ShouldBe("lab.fleet");
        root.GetProperty("dns").EnumerateArray().Select(each => each.GetString()).ShouldBe(["10.1.1.1:53", "10.1.1.2:53", "10.1.1.3:53"]);
        root.GetProperty("services")[0].GetProperty("vips").GetArrayLength().ShouldBe(24);
        root.GetProperty("services")[0].GetProperty("port").GetInt32().ShouldBe(80);
        root.GetProperty("clients")[0].GetString().ShouldBe($"{_lab}-client-1");
        root.GetProperty("coordinators")[0].GetProperty("api").GetString().ShouldBe("http://10.100.4.1:7400");
        var node = root.GetProperty("nodes")[0];
        (node.GetProperty("name").GetString(), node.GetProperty("namespace").GetString()).ShouldBe(("adc-1", $"{_lab}-adc-1"));
        var agent = node.GetProperty("pids").GetProperty("agent").GetInt32();
        node.GetProperty("pids").GetProperty("haproxy").ValueKind.ShouldBe(JsonValueKind.Null);
        var space = root.GetProperty("namespaces").EnumerateArray().First(each => each.GetProperty("name").GetString() == $"{_lab}-adc-1");
        space.GetProperty("kind").GetString().ShouldBe("node");
        space.GetProperty("addresses")[0].GetString().ShouldBe("10.1.1.1/16");
        space.GetProperty("processes").EnumerateArray().Select(each => each.GetProperty("pid").GetInt32()).ShouldContain(agent);

        (await LiveLab.CommandAsync("pbm", "--name", _lab, "--", "node", "list")).Output.ShouldContain("adc-3");
        (await LiveLab.CommandAsync("fail", "kill", "adc-1", "--only", "agent", "--name", _lab)).Output.Trim()
            .ShouldBe("SIGKill to agent on adc-1: 1 processes");
        await LiveLab.UntilAsync(async () => await UpAsync(http) == 2, "the leader to miss adc-1");
        (await LiveLab.CommandAsync("status", "--name", _lab)).Output.ShouldContain("made to fail: SIGKill to agent on adc-1");
        (await LiveLab.CommandAsync("heal", "--name", _lab)).Output.ShouldContain("adc-1 started again");
        await LiveLab.UntilAsync(async () => await UpAsync(http) == 3, "adc-1 to come back");
    }

    [ContractFact]
    public async Task Traffic_says_what_clients_see_and_which_node_answered()
    {
        (await LiveLab.CommandAsync("up", "--name", _lab, "--coordinators", "0", "--nodes", "2", "--no-agents")).Code.ShouldBe(0);
        var lab = NetworkLab.Open(_lab);
        // A stand-in for a data plane: it holds a VIP and answers in its node's name.
        await lab.IpAsync("adc-2", "address add 10.1.128.1/32 dev eth0", CancellationToken.None);
        string[] named = ["--node", "adc-2=10.1.2.1", "--node", "adc-2=10.1.2.2"];
        lab.RunIn("adc-2", "stand-in", Programs.Lab, ["backend", "--name", "adc-2", "--listen", $"{Vip}", .. named]);
        await LiveLab.UntilAsync(async () => await LiveLab.ConnectAsync(lab, "client-1", Vip) is not null, "a VIP");
        var output = new StringWriter();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var view = new TrafficView(lab).RunAsync(50, [Vip], TimeSpan.Zero, true, output, stop.Token);
        await LiveLab.UntilAsync(() => Task.FromResult(Windows(output).Any(each => each is { Client: "client-1", Ok: > 0 })), "answers to client-1");
        await LiveLab.UntilAsync(() => Task.FromResult(Windows(output).Any(each => each is { Client: "client-2", Ok: > 0 })), "answers to client-2");
        Windows(output).ShouldAllBe(each => each.Nodes.Count == 0 || (each.Nodes.Count == 1 && each.Nodes.ContainsKey("adc-2")));
        (await LiveLab.CommandAsync("fail", "stop", "adc-2", "--name", _lab)).Code.ShouldBe(0);
        await LiveLab.UntilAsync(() => Task.FromResult(Windows(output).Any(each => each.Failures.ContainsKey("no answer in time"))), "failures");
        await stop.CancelAsync();
        await view;
        (await lab.LivingAsync(["client-1", "client-2"], CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Program_in_a_namespace_has_the_terminal_and_its_exit_code_is_passed_on()
    {
        (await LiveLab.CommandAsync("up", "--name", _lab, "--network-only")).Code.ShouldBe(0);
        const string script = "ip -o -4 address show dev eth1; exit 7";
        var (code, output, _) = await LiveLab.CommandAsync("shell", "adc-1", "--name", _lab, "--", "sh", "-c", script);
        code.ShouldBe(7);
        output.ShouldContain("10.101.1.1/16");
        var nobody = await LiveLab.CommandAsync("shell", "adc-9", "--name", _lab);
        (nobody.Code, nobody.Errors.Contains($"Lab {_lab} has no adc-9; it has dc1, control, router, coordinator-1")).ShouldBe((1, true));
    }

    [ContractTheory]
    [InlineData(1, "There is no lab", "status")]
    [InlineData(1, "There is no lab", "fail", "kill", "adc-1")]
    [InlineData(1, "Nothing was done: say how much", "fail", "delay", "adc-1")]
    [InlineData(1, "'nowhere' is neither an example", "up", "nowhere")]
    [InlineData(1, "251 hosts of kind Node; 250 is the most", "up", "--nodes", "251")]
    [InlineData(1, "'explode' not recognized", "fail", "explode", "adc-1")]
    public async Task What_cannot_be_done_is_said_in_a_sentence(int code, string sentence, params string[] command)
    {
        var result = await LiveLab.CommandAsync([.. command, "--name", _lab]);
        (result.Errors + result.Output).ShouldContain(sentence);
        result.Code.ShouldBe(code);
        MachineTraces.Of(_lab).ShouldBeEmpty();
    }

    private static async Task<int> UpAsync(HttpClient http)
    {
        using var response = await http.GetAsync(new Uri($"http://10.100.4.1:7400{Routes.Cluster}"));
        // Until it leads, it says that it does not know.
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            return 0;
        using var cluster = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return cluster.RootElement.GetProperty("nodes-up").GetInt32();
    }

    private static IEnumerable<TrafficWindow> Windows(StringWriter output) =>
        output.ToString().Split('\n').Select(TrafficWindow.Read).OfType<TrafficWindow>();
}
