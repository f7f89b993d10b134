using System.Collections.Immutable;
using Fleet.Lab.Processes;
using Fleet.Lab.Rendering;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Labs;

/// <summary>
/// Takes a lab down, whatever is left of it: namespaces that its topology names, and those that bear its mark although nobody knows of them; all
/// processes in them; its folder. Links, addresses, tables and devices go with the namespaces.
/// </summary>
internal static class LabDown
{
    /// <summary>Whoever builds is done by then, or hangs.</summary>
    private static readonly TimeSpan BuilderMax = TimeSpan.FromSeconds(25);

    /// <summary>How many namespaces there were; 0, and no folder, is nothing to do.</summary>
    /// <exception cref="LabException">Somebody is still building it.</exception>
    public static async Task<(int Namespaces, bool WasThere)> RunAsync(string lab, CancellationToken cancellation)
    {
        var folder = new LabFolder(lab);
        RemoveRenamed(lab);
        var wasThere = Directory.Exists(folder.Path);
        if (!wasThere && (await OrphansAsync(lab, cancellation)).IsEmpty)
            return (0, false);
        Directory.CreateDirectory(folder.Path);
        try
        {
            return (await RemoveAsync(folder, cancellation), true);
        }
        catch (DirectoryNotFoundException) when (!Directory.Exists(folder.Path))
        {
            // Somebody else was quicker.
            return (0, true);
        }
    }

    private static async Task<int> RemoveAsync(LabFolder folder, CancellationToken cancellation)
    {
        using var alone = await LabLock.AloneAsync(folder, BuilderMax, cancellation)
            ?? throw new LabException($"Lab {folder.Lab} is being built; try again when that has ended.");
        var count = await RemoveNamespacesAsync(folder, cancellation);
        RemoveFolder(folder);
        await RemoveRootAsync(cancellation);
        return count;
    }

    private static async Task<int> RemoveNamespacesAsync(LabFolder folder, CancellationToken cancellation)
    {
        var removed = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var names = (await OrphansAsync(folder.Lab, cancellation)).Union(Planned(folder));
            var inodes = await LabPrograms.InodesAsync(names, cancellation);
            if (inodes.IsEmpty)
                return removed.Count;
            await NamespaceProcesses.KillAllAsync(inodes, cancellation);
            await Task.WhenAll(inodes.Keys.Select(name => LabPrograms.DeleteNamespaceAsync(name, cancellation)));
            removed.UnionWith(inodes.Keys);
        }
    }

    /// <summary>What a lab's topology says; nothing where it cannot be read.</summary>
    private static ImmutableHashSet<string> Planned(LabFolder folder)
    {
        try
        {
            return folder.ReadTopology() is { } topology ? [.. LabPlan.Of(topology).Namespaces.Select(each => each.Name)] : [];
        }
        catch (System.Text.Json.JsonException)
        {
            // Its maker was killed while it wrote, and had made nothing yet.
            return [];
        }
    }

    /// <summary>Namespaces that bear the lab's mark.</summary>
    private static async Task<ImmutableHashSet<string>> OrphansAsync(string lab, CancellationToken cancellation)
    {
        if (!Directory.Exists(LabPrograms.NamespaceFolder))
            return [];
        var candidates = Directory.EnumerateFiles(LabPrograms.NamespaceFolder, Places.Namespace(lab, "*"))
            .Select(file => Path.GetFileName(file)).ToArray();
        var marked = await Task.WhenAll(candidates.Select(async name => (name, await IsMarkedAsync(name, lab, cancellation))));
        return [.. marked.Where(each => each.Item2).Select(each => each.name)];
    }

    private static async Task<bool> IsMarkedAsync(string name, string lab, CancellationToken cancellation)
    {
        var link = await LabPrograms.OutputInAsync(name, ["ip", "link", "show", "dev", "lo"], cancellation);
        return link.Split('\n').Any(line => line.Trim() == $"alias {LabPlan.Mark}{lab}");
    }

    /// <summary>Out of the way at once, so that the next lab of this name finds either all of it or nothing.</summary>
    private static void RemoveFolder(LabFolder folder)
    {
        var renamed = Path.Combine(LabFolder.Root, $".{folder.Lab}-{Environment.ProcessId}");
        Directory.Move(folder.Path, renamed);
        Directory.Delete(renamed, recursive: true);
    }

    /// <summary>Of one that was killed between the two.</summary>
    private static void RemoveRenamed(string lab)
    {
        try
        {
            foreach (var left in Directory.Exists(LabFolder.Root) ? Directory.GetDirectories(LabFolder.Root, $".{lab}-*") : [])
                Directory.Delete(left, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It was not killed, and has done so itself.
        }
    }

    /// <summary>The last lab removes what the first one made. What is in use by others stays: the kernel says so, and that is no error.</summary>
    private static async Task RemoveRootAsync(CancellationToken cancellation)
    {
        if (LabFolder.Labs.Count > 0)
            return;
        if (File.Exists(LabFolder.MadeNetns) && !Directory.EnumerateFiles(LabPrograms.NamespaceFolder).Any())
        {
            try
            {
                await LabPrograms.RunAsync(["umount", LabPrograms.NamespaceFolder], "", LabPrograms.NamespaceFolder, cancellation);
                Directory.Delete(LabPrograms.NamespaceFolder);
            }
            catch (Exception e) when (e is LabException or IOException)
            {
                // Somebody else has begun to use it.
            }
        }

        try
        {
            File.Delete(LabFolder.MadeNetns);
            Directory.Delete(LabFolder.Root);
        }
        catch (IOException)
        {
            // Another lab has begun.
        }
    }
}
