using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Cli.Tests;

/// <summary><c>service apply</c>: a file with three services, of which the canned fleet knows s3 and web.</summary>
public sealed class ServiceApplyTests : IDisposable
{
    private const string Conf = """
        services {
          web { vips = ["127.0.10.1"], listeners = [{ port = 8080, protocol = http }], backends = [{ name = b1, address = "127.0.0.1:9001" }] }
          s3  { vips = ["127.0.20.1"], listeners = [{ port = 9000 }], backends = [{ name = b1, address = "127.0.0.1:9101" }] }
          new { vips = ["127.0.30.1"], listeners = [{ port = 9000 }], backends = [{ name = b1, address = "127.0.0.1:9201" }] }
        }
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Each_service_is_put_and_its_outcome_told()
    {
        await using var api = await ApiAsync();
        var run = await PbmRun.AgainstAsync(api, "service", "apply", "-f", _file);
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ReplaceLineEndings("\n").ShouldBe("new created (map 3.121)\ns3 unchanged (map 3.121)\nweb changed (map 3.122)\n");
        var sent = JsonSerializer.Deserialize(
            api.Requests.Single(asked => asked.Path == Routes.Service("web") && asked.Method == "PUT").Body, ApiJson.Default.Service)!;
        sent.Vips.ShouldBe([VipAddress.Parse("127.0.10.1")]);
        sent.Listeners.Single().Protocol.ShouldBe(ListenerProtocol.Http);
    }

    [Fact]
    public async Task Version_of_one_change_is_the_condition_of_the_next()
    {
        await using var api = await ApiAsync();
        var run = await PbmRun.AgainstAsync(api, "service", "apply", "-f", _file, "--if-version", "3.120", "--json");
        run.Code.ShouldBe(ExitCode.Ok);
        JsonNode.Parse(run.Out)!.AsArray().Select(one => one!["outcome"]!.GetValue<string>()).ShouldBe(["created", "unchanged", "changed"]);
        api.Requests.Where(asked => asked.Method == "PUT").Select(asked => asked.IfMatch).ShouldBe(["\"3.120\"", "\"3.121\"", "\"3.121\""]);
    }

    [Fact]
    public async Task Refused_service_does_not_keep_the_others()
    {
        await using var api = await ApiAsync();
        api.Problem("PUT", Routes.Service("s3"), 409, "127.0.20.1 is a VIP of another service.");
        var run = await PbmRun.AgainstAsync(api, "service", "apply", "-f", _file);
        run.Code.ShouldBe(ExitCode.Refused);
        run.Error.ShouldContain("s3: 127.0.20.1 is a VIP of another service.");
        run.Out.ShouldContain("web changed");
    }

    [Fact]
    public async Task Bad_file_is_exit_code_2_with_every_mistake_and_nothing_is_asked()
    {
        File.WriteAllText(
            _file, "services {\n  web { vips = [\"127.0.10.1\"], listeners = [{ port = 99999 }], backends = [] }\n  s3 { lisseners = [] }\n}\n");
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "service", "apply", "-f", _file);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain($"{_file}:2:");
        run.Error.ShouldContain($"{_file}:3:");
        api.Requests.ShouldBeEmpty();
    }

    private async Task<FakeApi> ApiAsync()
    {
        File.WriteAllText(_file, Conf);
        return (await FakeApi.StartAsync())
            .On("PUT", Routes.Service("new"), 200, CannedFleet.Done("new is created."))
            .On("PUT", Routes.Service("s3"), 200, CannedFleet.Done("s3 is so already.", changed: false))
            .On("PUT", Routes.Service("web"), 200, CannedFleet.Done("web is changed.", revision: 122));
    }
}
