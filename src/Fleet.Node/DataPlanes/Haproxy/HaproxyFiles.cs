using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Node.DataPlanes.Haproxy.Rendering;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// A configuration on disk: each version is a folder, and <c>current</c> is a link to the one that a start or a reload takes. It is changed by one
/// rename, so no crash leaves the half of one and the half of another. What did not change between two versions is the same file (link(2)).
/// </summary>
internal sealed partial class HaproxyFiles(string folder)
{
    private const string LayoutFile = "layout.json";
    private ImmutableSortedDictionary<string, string> _written = ImmutableSortedDictionary<string, string>.Empty;
    private string? _newest;

    /// <summary>The configuration of whatever version is current.</summary>
    public string CurrentConfig => Path.Combine(folder, "current", HaproxyConfig.ConfigFile);

    /// <summary>The version that is current; null while there is none.</summary>
    public string? Current =>
        new DirectoryInfo(Path.Combine(folder, "current")).LinkTarget is { } name ? Path.Combine(folder, name) : null;

    public static string ConfigOf(string version) => Path.Combine(version, HaproxyConfig.ConfigFile);

    /// <summary>Writes a version, which is not current yet, and returns its folder.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is not ours.</exception>
    public string Write(HaproxyLayout layout, ImmutableSortedDictionary<string, string> files)
    {
        var version = Path.Combine(folder, $"v{Numbers().DefaultIfEmpty().Max() + 1}");
        Directory.CreateDirectory(version, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var all = files.SetItem(LayoutFile, JsonSerializer.Serialize(layout, LayoutJson.Default.HaproxyLayout));
        foreach (var (name, text) in all)
        {
            var file = Path.Combine(version, name);
            var isSame = _newest is not null && _written.TryGetValue(name, out var before) && before == text;
            if (!isSame || Link(Path.Combine(_newest!, name), file) != 0)
                File.WriteAllText(file, text);
        }

        (_written, _newest) = (all, version);
        return version;
    }

    /// <summary>A start or a reload takes that version from now on. Others are deleted, but for the one that was current.</summary>
    public void Activate(string version)
    {
        var before = Current;
        var temporary = Path.Combine(folder, "next");
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, Path.GetFileName(version));
        if (Rename(temporary, Path.Combine(folder, "current")) != 0)
            throw new IOException($"{folder}/current cannot be made: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        foreach (var other in Numbers().Select(number => Path.Combine(folder, $"v{number}")).Where(other => other != version && other != before))
            Directory.Delete(other, recursive: true);
    }

    /// <summary>The layout of the current version, and the word by which HAProxy says that it has loaded it; null where there is none.</summary>
    public (HaproxyLayout Layout, string Word)? Read()
    {
        try
        {
            if (Current is not { } version)
                return null;
            var json = File.ReadAllText(Path.Combine(version, LayoutFile));
            if (JsonSerializer.Deserialize(json, LayoutJson.Default.HaproxyLayout) is not { } layout)
                return null;
            var word = File.ReadAllText(Path.Combine(version, HaproxyConfig.CarriedMap)).Trim().Split(' ')[^1];
            return (layout, word);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // Whatever is there is not ours, or is older than this program: it is replaced.
        }
    }

    private IEnumerable<int> Numbers() => Directory.GetDirectories(folder, "v*")
        .Select(path => int.TryParse(Path.GetFileName(path).AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
        .Where(number => number > 0);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}
