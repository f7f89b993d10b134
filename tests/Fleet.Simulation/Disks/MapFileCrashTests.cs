using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Shared.Model;
using Fleet.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Simulation.Disks;

/// <summary>
/// A node's host loses power while its map is written, at every operation of its disk: the next life finds that map or the one before, whole.
/// </summary>
public sealed class MapFileCrashTests
{
    private static readonly MapVersion Before = new(1, 1);
    private static readonly MapVersion After = new(1, 2);

    [Fact]
    public async Task Whole_map_is_found_wherever_the_power_fails()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            for (var at = 1; await FailsAtAsync(seed, at); at++)
            {
            }
        }
    }

    /// <summary>False when the map was written before.</summary>
    private static async Task<bool> FailsAtAsync(int seed, int at)
    {
        var disk = new SimDisk(new Random(seed));
        await WriteAsync(disk, Before);
        disk.SyncFolder("data");
        var written = disk.Operations;
        await WriteAsync(disk, After);
        var all = disk.Operations - written;
        disk.StopsAt = disk.Operations + at;
        await WriteAsync(disk, After);
        disk.Crash();
        Open(disk).Load(new MapSieve(new NodeName("adc-1"))).Version.ShouldBeOneOf(Before, After);
        return at < all;
    }

    /// <summary>A file that is told to stop writes the newest map it has at once.</summary>
    private static Task WriteAsync(SimDisk disk, MapVersion version)
    {
        var maps = Open(disk);
        maps.Save(Build.Map([Build.Node("adc-1")], []) with { Version = version });
        return maps.RunAsync(new CancellationToken(canceled: true));
    }

    private static MapFile Open(SimDisk disk) => new("data", disk, TimeProvider.System, NullLogger<MapFile>.Instance);
}
