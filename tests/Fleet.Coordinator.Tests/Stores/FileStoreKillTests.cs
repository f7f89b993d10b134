using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class FileStoreKillTests
{
    [Fact]
    public async Task Process_killed_while_it_appends_loses_no_acknowledged_entry()
    {
        using var folder = new TemporaryFolder();
        var terms = new List<long>();
        for (var round = 0; round < 5; round++)
        {
            var acknowledged = await KillWhileAppendingAsync(folder.Path, afterLines: 40 + (37 * round));
            await using var store = new FileFleetStore(
                folder.Path, FileStoreOptions.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);
            using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            terms.Add(await store.CampaignAsync("parent", bound.Token));
            var last = (await store.LoadSnapshotAsync(bound.Token))?.Map.Version.Revision ?? 0;
            var next = 0L;
            await foreach (var entry in store.ReadAsync(1, bound.Token))
            {
                entry.Text().ShouldBe(Samples.Entry(entry.Revision, entry.Term).Text());
                entry.Revision.ShouldBe(next == 0 ? entry.Revision : next);
                next = entry.Revision + 1;
            }

            Math.Max(last, next - 1).ShouldBeGreaterThanOrEqualTo(acknowledged);
        }

        terms.ShouldBe([2, 4, 6, 8, 10], "each life is a term");
    }

    private static async Task<long> KillWhileAppendingAsync(string folder, int afterLines)
    {
        using var child = AppendingChild.Start(folder);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var acknowledged = 0L;
        try
        {
            for (var line = 0; line < afterLines; line++)
                acknowledged = long.Parse((await child.StandardOutput.ReadLineAsync(bound.Token)).ShouldNotBeNull());
        }
        finally
        {
            child.Kill();
        }

        var rest = await child.StandardOutput.ReadToEndAsync(bound.Token);
        await child.WaitForExitAsync(bound.Token);
        var whole = rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return whole.Length == 0 ? acknowledged : long.Parse(whole[^1]);
    }
}
