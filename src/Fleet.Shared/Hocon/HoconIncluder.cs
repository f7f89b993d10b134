using System.Collections.Immutable;

namespace Fleet.Shared.Hocon;

/// <summary>Finds, reads and parses files: the one asked for and those it includes, each relative to the file that names it.</summary>
internal sealed class HoconIncluder
{
    /// <summary>More files than any person includes; ends trees of includes that grow without bound.</summary>
    const int FilesMax = 500;

    static readonly string[] Extensions = [".properties", ".json", ".conf"];

    readonly IHoconSources _sources;
    readonly IList<ConfigError> _errors;
    readonly ImmutableList<string> _open;
    readonly int[] _filesRead;

    public HoconIncluder(IHoconSources sources, IList<ConfigError> errors) : this(sources, errors, [], [0]) { }

    HoconIncluder(IHoconSources sources, IList<ConfigError> errors, ImmutableList<string> open, int[] filesRead) =>
        (_sources, _errors, _open, _filesRead) = (sources, errors, open, filesRead);

    /// <summary>The file a user named: it must exist.</summary>
    public HoconNode Root(string path)
    {
        switch (_sources.Read(path))
        {
            case HoconText.Found found:
                return Parse(path, found.Text, HoconPath.Root, inArray: false);
            case HoconText.Unreadable unreadable:
                _errors.Add(new ConfigError(path, 0, "", unreadable.Reason, "a readable file of UTF-8 text"));
                break;
            default:
                _errors.Add(new ConfigError(path, 0, "", "no such file", "an existing file"));
                break;
        }
        return new HoconNode.Object(new HoconOrigin(path, 0));
    }

    public HoconNode Text(string text, string file) => Parse(file, text, HoconPath.Root, inArray: false);

    /// <summary>The object of an included file, all its candidates merged; null where nothing is there or a mistake was reported.</summary>
    public HoconNode.Object? Load(HoconInclude include, string includingFile, HoconPath at, bool inArray)
    {
        HoconNode.Object? merged = null;
        var candidates = Candidates(Beside(includingFile, include.Name)).ToList();
        foreach (var path in candidates)
        {
            if (!MayOpen(path, include, at))
                return null;
            switch (_sources.Read(path))
            {
                case HoconText.Unreadable unreadable:
                    Report(include, at, $"{path}: {unreadable.Reason}", "a readable file of UTF-8 text");
                    return null;
                case HoconText.Found found when Parse(path, found.Text, at, inArray) is HoconNode.Object included:
                    _filesRead[0]++;
                    if (merged is null)
                        merged = included;
                    else
                        merged.Merge(included);
                    break;
                case HoconText.Found:
                    Report(include, at, $"{path} with an array at its root", "a file with an object at its root");
                    return null;
                default:
                    break;
            }
        }
        if (merged is null && include.Required)
            Report(include, at, $"no file {string.Join(" or ", candidates)}", "a file that exists, or include without required()");
        return merged;
    }

    bool MayOpen(string path, HoconInclude include, HoconPath at)
    {
        if (_open.Contains(path))
            Report(
                include,
                at,
                $"the include cycle {string.Join(" -> ", _open.SkipWhile(p => p != path))} -> {path}",
                "files that do not include themselves");
        else if (_filesRead[0] >= FilesMax || _open.Count >= 50)
            Report(include, at, "too many includes", $"at most {FilesMax} files, at most 50 deep");
        else
            return true;
        return false;
    }

    HoconNode Parse(string path, string text, HoconPath at, bool inArray)
    {
        if (path.EndsWith(".properties", StringComparison.Ordinal))
            return HoconProperties.Parse(text, path);
        var below = new HoconIncluder(_sources, _errors, _open.Add(path), _filesRead);
        return new HoconParser(path, text, below, at, inArray, _errors).Parse();
    }

    /// <summary>
    /// A name without a known extension stands for all of them; HOCON is read last and so wins (HOCON, "file formats and extensions").
    /// </summary>
    static IEnumerable<string> Candidates(string path) =>
        Extensions.Any(e => path.EndsWith(e, StringComparison.Ordinal)) ? [path] : Extensions.Select(e => path + e);

    /// <summary>The path of a name as seen from the folder of a file; `.` and `..` are folded, so that a cycle shows as equal paths.</summary>
    static string Beside(string file, string name)
    {
        var joined = name.StartsWith('/') ? name : file[..(file.LastIndexOf('/') + 1)] + name;
        var parts = new List<string>();
        foreach (var part in joined.Split('/'))
        {
            if (part == "." || (part.Length == 0 && parts.Count > 0))
                continue;
            if (part == ".." && parts.Count > 0 && parts[^1] is not (".." or ""))
                parts.RemoveAt(parts.Count - 1);
            else
                parts.Add(part);
        }
        return string.Join('/', parts);
    }

    void Report(HoconInclude include, HoconPath at, string found, string allowed) =>
        _errors.Add(new ConfigError(include.Origin, at.ToString(), found, allowed));
}
