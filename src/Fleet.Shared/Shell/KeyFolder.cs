using System.Collections.Immutable;
using System.Globalization;
using Fleet.Shared.Dns.Security;

namespace Fleet.Shared.Shell;

/// <summary>What a folder of key files holds.</summary>
/// <param name="Keys">The keys that could be read, by zone, role and tag.</param>
/// <param name="Complaints">What could not be read, each with the file's name; nothing of its content.</param>
/// <param name="Warnings">What works, but should not be so.</param>
public sealed record KeyFolderContent(ImmutableArray<ZoneKey> Keys, ImmutableArray<string> Complaints, ImmutableArray<string> Warnings);

/// <summary>
/// A folder of DNSSEC keys in BIND's files, <c>K&lt;zone&gt;.+013+&lt;tag&gt;.key</c> and <c>.private</c>. The node reads it, pbm makes and changes
/// what is in it. Files of other algorithms may lie beside them and are not looked at.
/// </summary>
public sealed class KeyFolder(string path)
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Pattern = "K*.+013+*";
    private const string PublicEnd = ".key";
    private const string PrivateEnd = ".private";
    private const long SizeMax = 65_536;

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>
    /// Reads all keys. A folder that is not there is a complaint.
    /// </summary>
    public KeyFolderContent Read()
    {
        var keys = new List<ZoneKey>();
        var complaints = new List<string>();
        var warnings = new List<string>();
        try
        {
            var names = Directory.EnumerateFiles(path, Pattern).Select(NameOf).OfType<string>().Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal);
            foreach (var name in names)
                ReadOne(name, keys, complaints, warnings);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            complaints.Add(error.Message);
        }

        keys.Sort(ByZoneRoleAndTag);
        return new KeyFolderContent([.. keys], [.. complaints], [.. warnings]);
    }

    /// <summary>Names, sizes and times of the files: another text means that something changed.</summary>
    public string Fingerprint()
    {
        try
        {
            return string.Join('\n', new DirectoryInfo(path).EnumerateFiles(Pattern).OrderBy(file => file.Name, StringComparer.Ordinal).Select(file =>
                string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}")));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    /// <summary>Writes the files of a new key, which only the owner may read; makes the folder where it is not there.</summary>
    /// <exception cref="IOException">The files are there already, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void Add(ZoneKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Directory.CreateDirectory(path, Mine | UnixFileMode.UserExecute);
        if (File.Exists(FileOf(key.FileName, PublicEnd)) || File.Exists(FileOf(key.FileName, PrivateEnd)))
            throw new IOException($"{key.FileName} is there already");
        Put(key, overwrite: false);
    }

    /// <summary>Writes a key that is there with other times. A reader meets the old files or the new ones, never half of one.</summary>
    /// <exception cref="IOException">The files cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void ChangeTimes(ZoneKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Put(key, overwrite: true);
    }

    private void Put(ZoneKey key, bool overwrite)
    {
        Put(FileOf(key.FileName, PrivateEnd), KeyFileText.PrintPrivate(key), overwrite);
        Put(FileOf(key.FileName, PublicEnd), KeyFileText.PrintPublic(key), overwrite);
    }

    private static void Put(string file, string text, bool overwrite)
    {
        var temporary = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, $".{System.IO.Path.GetFileName(file)}.new");
        File.Delete(temporary);
        using (var stream = new FileStream(temporary,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mine }))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite);
    }

    private void ReadOne(string name, List<ZoneKey> keys, List<string> complaints, List<string> warnings)
    {
        try
        {
            var secret = FileOf(name, PrivateEnd);
            if (!KeyFileText.TryRead(TextOf(FileOf(name, PublicEnd)), TextOf(secret), out var key, out var complaint))
                complaints.Add($"{name}: {complaint}");
            else if (key.FileName != name)
                complaints.Add($"{name}: the key in it is {key.FileName}");
            else
                keys.Add(key);
            if ((File.GetUnixFileMode(secret) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
                warnings.Add($"{name}{PrivateEnd} is open to every user of this host: chmod 600");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            complaints.Add($"{name}: {error.Message}");
        }
    }

    private static string TextOf(string file) =>
        new FileInfo(file).Length <= SizeMax
            ? File.ReadAllText(file)
            : throw new IOException($"{System.IO.Path.GetFileName(file)} is too large for a key");

    private string FileOf(string name, string end) => System.IO.Path.Combine(path, name + end);

    private static string? NameOf(string file)
    {
        var name = System.IO.Path.GetFileName(file);
        var end = new[] { PublicEnd, PrivateEnd }.FirstOrDefault(each => name.EndsWith(each, StringComparison.Ordinal));
        return end is null ? null : name[..^end.Length];
    }

    private static int ByZoneRoleAndTag(ZoneKey a, ZoneKey b)
    {
        var zones = CanonicalName.Compare(a.Zone.Wire, b.Zone.Wire);
        var roles = b.Key.IsKeySigning.CompareTo(a.Key.IsKeySigning);
        return zones != 0 ? zones : roles != 0 ? roles : a.Key.Tag - b.Key.Tag;
    }
}
