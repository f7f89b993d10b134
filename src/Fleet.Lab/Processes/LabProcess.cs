using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Lab.Processes;

/// <summary>A process that the lab started, and how to start it again.</summary>
/// <param name="Name">Of the process in its lab, such as <c>coordinator-1</c>.</param>
/// <param name="Host">Where it runs: the name of its namespace without the lab's.</param>
internal sealed record LabProcess(string Name, string Host, string Program, ImmutableArray<string> Arguments, int Pid, long Start)
{
    public ProcessId Id => new(Pid, Start);

    public bool IsAlive => ProcStat.Of(Pid) is { IsAlive: true } now && now.Id == Id;
}

/// <summary>The processes of a lab, a file each.</summary>
internal sealed class ProcessTable(string folder)
{
    public IReadOnlyList<LabProcess> All => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read).OfType<LabProcess>()];

    public LabProcess? Find(string name) => Read(FileOf(name));

    public void Put(LabProcess process)
    {
        Directory.CreateDirectory(folder);
        var file = FileOf(process.Name);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(process, LabProcessJson.Default.LabProcess));
        File.Move(file + ".new", file, overwrite: true);
    }

    private static LabProcess? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), LabProcessJson.Default.LabProcess);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private string FileOf(string name) => Path.Combine(folder, $"{name}.json");
}

/// <summary>The file of a process.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(LabProcess))]
internal sealed partial class LabProcessJson : JsonSerializerContext;
