namespace Fleet.Shared.Shell;

/// <summary>Files that are only ever replaced as a whole.</summary>
public static class WholeFiles
{
    /// <summary>
    /// After a crash at any point the file holds either all of the old bytes or all of the new ones. Until <see cref="IDisk.SyncFolder"/> a power
    /// failure may leave either.
    /// </summary>
    public static void Replace(this IDisk disk, string file, ReadOnlySpan<byte> bytes)
    {
        var temporary = file + ".new";
        try
        {
            using (var opened = disk.Open(temporary))
            {
                opened.Cut(0);
                opened.Write(bytes, 0);
                // A name may reach the disk before the bytes do, and the old content is gone then.
                opened.Flush();
            }

            disk.Move(temporary, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            disk.Delete(temporary);
            throw;
        }
    }
}
