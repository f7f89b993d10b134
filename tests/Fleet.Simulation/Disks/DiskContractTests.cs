using Fleet.Shared.Shell;
using Fleet.Testing;

namespace Fleet.Simulation.Disks;

public sealed class SimDiskContractTests : DiskContract
{
    private readonly SimDisk _disk = new(new Random(1));

    public SimDiskContractTests() => _disk.CreateFolder("data");

    protected override IDisk Disk => _disk;

    protected override string Folder => "data";
}

public sealed class LocalDiskContractTests : DiskContract, IDisposable
{
    protected override IDisk Disk { get; } = new LocalDisk();

    protected override string Folder { get; } = Directory.CreateTempSubdirectory("fleet-disk-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
