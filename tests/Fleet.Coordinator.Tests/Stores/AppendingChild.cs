using System.Diagnostics;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>A process that appends as fast as it can, and says each revision once it is acknowledged, until it is killed.</summary>
public static class AppendingChild
{
    public const string Mode = "append-until-killed";

    public static Process Start(string folder) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { "exec", typeof(AppendingChild).Assembly.Location, Mode, folder },
        UseShellExecute = false,
        RedirectStandardOutput = true,
    }) ?? throw new InvalidOperationException("No process.");

    public static async Task RunAsync(string folder)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var options = FileStoreOptions.Default with { SegmentBytesMax = 20_000 };
        await using var store = new FileFleetStore(
            folder, options, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);
        var term = await store.CampaignAsync("child", bound.Token);
        var revision = (await store.LoadSnapshotAsync(bound.Token))?.Map.Version.Revision ?? 0;
        await foreach (var entry in store.ReadAsync(revision + 1, bound.Token))
            revision = entry.Revision;
        await using var output = Console.OpenStandardOutput();
        while (true)
        {
            await store.AppendAsync(Samples.Entry(++revision, term), bound.Token);
            output.Write(System.Text.Encoding.ASCII.GetBytes($"{revision}\n"));
            if (revision % 100 == 0)
                await store.SaveSnapshotAsync(Samples.State(revision, term), bound.Token);
        }
    }
}
