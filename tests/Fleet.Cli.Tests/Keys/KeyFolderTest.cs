using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Shell;
using Fleet.Testing;

namespace Fleet.Cli.Tests.Keys;

/// <summary>A folder of keys of its own, a clock, and pbm to work on it.</summary>
public abstract class KeyFolderTest : IDisposable
{
    protected const string Zone = "fleet.test";

    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), $"fleet-keys-{Guid.NewGuid():N}");

    protected FakeTime Time { get; } = new();

    protected long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    protected IReadOnlyList<ZoneKey> Keys => new KeyFolder(Folder).Read().Keys;

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs <c>pbm gslb key</c> with the words, the zone and the folder.</summary>
    protected Task<PbmRun> PbmAsync(string words) =>
        PbmRun.RunAsync(
            [
                "gslb",
                "key",
                .. words.Split(' '),
                .. words.StartsWith("list", StringComparison.Ordinal) ? [] : (string[])["--zone", Zone],
                "--dir",
                Folder,
            ],
            [],
            time: Time);

    protected async Task<JsonNode> SoundAsync(string words)
    {
        var run = await PbmAsync($"{words} --json");
        run.Code.ShouldBe(ExitCode.Ok, run.Error);
        return JsonNode.Parse(run.Out)!;
    }

    protected ZoneKey Key(bool isKeySigning, KeyState state) =>
        Keys.Single(key => key.Key.IsKeySigning == isKeySigning && key.Times.StateAt(Now) == state);
}
