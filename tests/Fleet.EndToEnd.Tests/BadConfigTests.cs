using Fleet.Demo.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>A file with ten mistakes is answered with ten located messages by every program, exit code 2, and nothing is started.</summary>
[Trait(Beside.Trait, Beside.Others)]
public sealed class BadConfigTests
{
    private const string Mistakes = """
        fleet {
          lease.heartbeat = fast
          lease.maargin = 50ms
          protection.nodes = 9
          coordinator.listen = "nowhere"
          coordinator.store = floppy
          node.capacity = 88Gbpz
          gslb.ttl = -1s
          placement.share-max = 500%
          services.web {
            vips = ["127.77.0.300"]
            listeners = [{ port = 99999 }]
            backends = [{ name = a, address = "127.0.0.1:80" }]
          }
        }
        """;

    [Theory]
    [InlineData("coordinator")]
    [InlineData("node")]
    public async Task Ten_mistakes_give_ten_located_messages_and_exit_code_2(string program)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-e2e-").FullName;
        var file = Path.Combine(folder, "bad.conf");
        await File.WriteAllTextAsync(file, Mistakes);
        var log = Path.Combine(folder, "out.log");
        var binary = program == "node" ? Programs.Node : Programs.Coordinator;
        var data = Path.Combine(folder, "data");
        await using (var child = ChildProcess.Start(program, binary, ["--config", file, "--set", $"fleet.{program}.data=\"{data}\""], log))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await child.WaitAsync(patience.Token);
            child.ExitCode.ShouldBe(2);
        }

        var messages = await File.ReadAllLinesAsync(log);
        messages.Length.ShouldBe(10, string.Join('\n', messages));
        messages.ShouldAllBe(m => m.StartsWith($"{file}:"));
        messages.ShouldContain(m => m.Contains("margin"), "the nearest known key is named");
        Directory.Exists(data).ShouldBeFalse();
        Directory.Delete(folder, recursive: true);
    }
}
