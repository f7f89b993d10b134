namespace Fleet.Simulation.Disks;

/// <summary>
/// The file store's process is killed, or its host loses power, at every operation of its disk: the next life finds every acknowledged entry, and a
/// term above all others.
/// </summary>
public sealed class StoreCrashTests
{
    private const int Steps = 30;

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 6)]
    public async Task Nothing_acknowledged_is_lost_wherever_a_life_ends(bool troubles, int seeds)
    {
        for (var seed = 1; seed <= seeds; seed++)
        {
            for (long at = 1; await EndsAtAsync(seed, at, troubles); at++)
            {
            }
        }
    }

    /// <summary>Many short lives, each ended anywhere: what one leaves half done the next ones meet.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_acknowledged_is_lost_in_many_lives(bool troubles)
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var chance = new Random(seed);
            var disk = new SimDisk(new Random(seed));
            var story = new StoreStory(disk, chance);
            for (var life = 0; life < 12; life++)
                await LiveAsync(
                    story, disk, troubles, chance.Next(12), disk.Operations + chance.Next(1, 60), chance.Next(2) == 0, $"seed {seed}, life {life}");
            await LiveAsync(story, disk, false, 5, null, true, $"seed {seed}, last life");
        }
    }

    /// <summary>False when the life ended by itself before.</summary>
    private static async Task<bool> EndsAtAsync(int seed, long at, bool troubles)
    {
        var disk = new SimDisk(new Random(seed));
        var story = new StoreStory(disk, new Random(seed));
        var what = $"seed {seed}, operation {at}";
        var ended = await LiveAsync(story, disk, troubles, Steps, at, true, what);
        await LiveAsync(story, disk, false, 3, null, true, what + ", second life");
        await LiveAsync(story, disk, false, 0, null, true, what + ", third life");
        return ended;
    }

    private static async Task<bool> LiveAsync(StoreStory story, SimDisk disk, bool troubles, int steps, long? until, bool powerFails, string what)
    {
        disk.StopsAt = until;
        var ended = false;
        try
        {
            await story.LiveAsync(steps, troubles);
        }
        catch (DiskStoppedException)
        {
            ended = true;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.Message}", e);
        }

        (disk.FailsOneIn, disk.IsFull) = (0, false);
        if (powerFails)
            disk.Crash();
        else
            disk.ProcessDied();
        return ended;
    }
}
