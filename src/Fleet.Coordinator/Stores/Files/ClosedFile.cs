namespace Fleet.Coordinator.Stores.Files;

/// <summary>The mark of a folder in which nobody may lead: one sealed line. One that is damaged closes the folder all the same.</summary>
internal static class ClosedFile
{
    public static StoreClosure? Read(StoreFolder folder)
    {
        if (!folder.Disk.FileExists(folder.ClosedFile))
            return null;
        return StoreClosure.Parse(SealedLine.TryOpen(folder.Disk.ReadAll(folder.ClosedFile), out var json) ? json.Span : []);
    }

    public static void Write(StoreFolder folder, StoreClosure closure) => folder.Replace(folder.ClosedFile, SealedLine.Seal(closure.ToJson()));

    public static void Delete(StoreFolder folder)
    {
        folder.Disk.Delete(folder.ClosedFile);
        folder.Disk.SyncFolder(folder.Path);
    }
}
