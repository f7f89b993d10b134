using System.Diagnostics.CodeAnalysis;

namespace Fleet.Postgres;

/// <summary>A file with nothing but a password in its first line. One that everybody may read holds no secret, and is refused.</summary>
public static class PasswordFile
{
    private const int OctetsMax = 4096;

    /// <summary>False with a sentence that names the file and what is wrong with it; it never holds the password.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out string? password, out string mistake)
    {
        password = null;
        mistake = "";
        try
        {
            if ((File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
                mistake = $"{path} can be read or written by everybody on this host: chmod 600 it, and change the password if others may know it";
            else if (new FileInfo(path).Length > OctetsMax)
                mistake = $"{path} is larger than a password";
            else if (File.ReadLines(path).FirstOrDefault() is { Length: > 0 } line)
                password = line;
            else
                mistake = $"{path} has no password in its first line";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            mistake = $"{path} cannot be read: {e.Message}";
        }

        return password is not null;
    }
}
