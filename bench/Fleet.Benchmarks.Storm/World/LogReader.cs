using Fleet.Benchmarks.Storm.Judging;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>Reads what is new in all logs below a folder, and picks the lines that say that something broke.</summary>
internal sealed class LogReader(string folder)
{
    private readonly Dictionary<string, long> _read = [];

    public IReadOnlyList<string> Alarms()
    {
        var alarms = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var from = _read.GetValueOrDefault(path);
            file.Position = from <= file.Length ? from : 0;
            using var reader = new StreamReader(file);
            while (reader.ReadLine() is { } line)
            {
                if (CrashJudge.IsAlarm(line))
                    alarms.Add($"{Path.GetRelativePath(folder, path)}: {line}");
            }

            _read[path] = file.Length;
        }

        return alarms;
    }
}
