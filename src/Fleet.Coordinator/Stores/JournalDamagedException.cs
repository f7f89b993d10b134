namespace Fleet.Coordinator.Stores;

/// <summary>
/// The folder holds something that no crash of ours can have left behind. Nothing was changed: cutting here would lose entries that were
/// acknowledged.
/// </summary>
/// <param name="offset">Bytes from the start of the file.</param>
internal sealed class JournalDamagedException(string file, long offset, string found, string remedy)
    : Exception($"{file}, byte {offset}: {found} {remedy}")
{
    public string File => file;

    public long Offset => offset;
}
