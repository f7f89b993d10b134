using System.Text;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Stores;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Hostile;

/// <summary>
/// What another build wrote or says is refused with what to do, and not guessed at. Stores/OtherBuild was written by the coordinator of commit
/// 0d62d88.
/// </summary>
public sealed class OtherBuildTests
{
    private const string HelloOf0d62d88 =
        """{"kind":"hello","schema":2,"facts":{"name":"adc-1","site":"here","domain":"adc-1","capacity-bps":1000000000"""
            + ""","watch-address":"127.0.0.1:1","dns-address":"127.0.0.1:2","api-address":"127.0.0.1:3","connections-max":0}"""
            + ""","incarnation":"first","applied":{"term":0,"revision":0}}""";

    [Theory]
    [InlineData(null)]
    [InlineData("term")]
    [InlineData("term snapshot-00000000000000000008.json")]
    public async Task Journal_snapshot_and_term_of_another_build_are_refused_and_stay_as_they_are(string? without)
    {
        using var folder = new TemporaryFolder();
        Copy(Path.Combine(AppContext.BaseDirectory, "Stores", "OtherBuild"), folder.Path);
        foreach (var gone in without?.Split(' ') ?? [])
            File.Delete(folder.File(gone));
        var before = Contents(folder.Path);
        await using var store = new FileFleetStore(
            folder.Path, FileStoreOptions.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);
        var refused = await Should.ThrowAsync<JournalDamagedException>(() => store.CampaignAsync("c1", CancellationToken.None));
        refused.Message.ShouldContain(
            "it was written by another build of Fleet, in a format that this one, which reads schema 3, does not read. Nothing was changed. Start "
            + "the build that wrote it");
        Contents(folder.Path).ShouldBe(before);
    }

    [Theory]
    [InlineData(2, "the node")]
    [InlineData(Wire.Schema + 1, "the coordinator")]
    public async Task Node_of_another_build_is_told_what_to_upgrade(int schema, string what)
    {
        await using var coordinator = await CoordinatorChild.StartAsync();
        var said = await coordinator.TalkAsync(
            Encoding.UTF8.GetBytes(HelloOf0d62d88.Replace("\"schema\":2", $"\"schema\":{schema}", StringComparison.Ordinal)));
        said[0].ShouldContain($"This fleet speaks schema {Wire.Schema}, the node {schema}: upgrade {what}.");
        said[^1].ShouldBe("closed");
        (await coordinator.GetAsync("/v1/nodes")).AsArray().ShouldBeEmpty();
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

    private static string[] Contents(string folder) =>
        [
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => Path.GetFileName(f) != "lock")
                .Order(StringComparer.Ordinal)
                .Select(f => $"{f} {Convert.ToHexString(File.ReadAllBytes(f))}"),
        ];
}
