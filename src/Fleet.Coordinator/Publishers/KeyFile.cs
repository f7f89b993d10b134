using System.Diagnostics.CodeAnalysis;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishers;

/// <summary>Reads a TSIG key off the disk. A file that everybody may read holds no secret, and is refused.</summary>
internal static class KeyFile
{
    private const int OctetsMax = 16 * 1024;

    /// <summary>False with a sentence that names the file and what is wrong with it; it never holds the secret.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out TsigKey? key, out string mistake)
    {
        key = null;
        try
        {
            if ((File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
                mistake = $"{path} can be read or written by everybody on this host: chmod 600 it, and make a new key if others may have read this "
                    + $"one";
            else if (new FileInfo(path).Length > OctetsMax)
                mistake = $"{path} is larger than a key";
            else if (!TsigKeyText.TryRead(File.ReadAllText(path), out key, out mistake))
                mistake = $"{path}: {mistake}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            mistake = $"{path} cannot be read: {e.Message}";
        }

        return key is not null;
    }
}
