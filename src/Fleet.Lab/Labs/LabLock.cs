namespace Fleet.Lab.Labs;

/// <summary>
/// <c>flock</c> on a lab's file: those who build, and every program that they have started for it, share it; who takes the lab down has it alone. The
/// kernel gives it back when a process ends, so a builder that was killed is waited for as long as what it started is at work, and no longer.
/// </summary>
internal sealed class LabLock : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _stream;

    private LabLock(FileStream stream) => _stream = stream;

    /// <summary>For building. The file must be there.</summary>
    public static LabLock Shared(LabFolder folder) => new(new FileStream(folder.Lock, FileMode.Open, FileAccess.Read, FileShare.Read));

    /// <summary>For taking down; null when somebody is still building after that time.</summary>
    /// <exception cref="DirectoryNotFoundException">Somebody else has taken it down meanwhile.</exception>
    public static async Task<LabLock?> AloneAsync(LabFolder folder, TimeSpan patience, CancellationToken cancellation)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new LabLock(new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e is not DirectoryNotFoundException && TimeProvider.System.GetElapsedTime(since) < patience)
            {
                await Task.Delay(LookEvery, cancellation);
            }
            catch (IOException e) when (e is not DirectoryNotFoundException)
            {
                return null;
            }
        }
    }

    public void Dispose() => _stream.Dispose();
}
