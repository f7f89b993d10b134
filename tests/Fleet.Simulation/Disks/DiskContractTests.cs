using Fleet.Shared.Shell;

namespace Fleet.Simulation.Disks;

public sealed class SimDiskContractTests : DiskContract
{
    private readonly SimDisk disk = new(new Random(1));

    public SimDiskContractTests() => disk.CreateFolder("data");

    protected override IDisk Disk => disk;

    protected override string Folder => "data";
}

public sealed class LocalDiskContractTests : DiskContract, IDisposable
{
    protected override IDisk Disk { get; } = new LocalDisk();

    protected override string Folder { get; } = Directory.CreateTempSubdirectory("fleet-disk-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
