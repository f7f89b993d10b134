using System.Diagnostics;
using System.Text;
using Fleet.Coordinator.Tests.Hostile;

namespace Fleet.Coordinator.Tests.Api;

/// <summary>Two coordinators on one folder, as processes: the second waits for the lock, follows the first, and sends it what is its alone.</summary>
public sealed class LeaderAndFollower : IAsyncLifetime
{
    public static readonly byte[] Web = Encoding.UTF8.GetBytes(
        """
        {"name":"web","listeners":[{"port":80,"protocol":"tcp"}],"vips":["10.0.0.1"],"pool":{"backends":[{"name":"b","address":"10.1.0.1:80"}]}}
        """);

    public CoordinatorChild Leader { get; private set; } = null!;

    public CoordinatorChild Follower { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Leader = await CoordinatorChild.StartAsync();
        try
        {
            Follower = await Leader.StartFollowerAsync();
        }
        catch
        {
            await Leader.DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        await Follower.DisposeAsync();
        await Leader.DisposeAsync();
    }

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var since = Stopwatch.StartNew(); !await isSo(); await Task.Delay(20))
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }
}
