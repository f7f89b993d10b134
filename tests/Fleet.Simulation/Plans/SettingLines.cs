using System.Reflection;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Plans;

/// <summary>
/// What a world is made of, a line for each setting that is not as usual: <c>policy.protection.nodes 2</c>. Every service has a line of its own.
/// </summary>
public static class SettingLines
{
    private const string Service = "service";

    private static readonly WorldSettings Usual = new() { Seed = 0, Nodes = 0 };

    public static IEnumerable<string> Write(WorldSettings settings) =>
    [
        .. Differences(settings with { Services = [] }, Usual, "").Select(d => $"{d.Path} {d.Word}"),
        .. settings.Services.Select(s => $"{Service} {PlainValue.Write(s)}"),
    ];

    public static WorldSettings Empty { get; } = Usual;

    /// <summary>The settings with that line in force.</summary>
    /// <exception cref="FormatException">There is no such setting, or not such a value of it.</exception>
    public static WorldSettings Read(WorldSettings settings, string path, string word) => path == Service
        ? settings with { Services = [.. settings.Services, (Shared.Model.Service)PlainValue.Read(word, typeof(Shared.Model.Service))] }
        : (WorldSettings)Set(settings, path.Split('.'), word);

    private static IEnumerable<(string Path, string Word)> Differences(object value, object usual, string prefix)
    {
        foreach (var property in Properties(value))
        {
            var path = prefix + PlainValue.KebabCase(property.Name);
            if (property.GetValue(value) is not { } mine || property.GetValue(usual) is not { } theirs || ReferenceEquals(mine, theirs))
                continue;
            if (IsPart(property))
            {
                foreach (var difference in Differences(mine, theirs, path + "."))
                    yield return difference;
            }
            else if (PlainValue.Write(mine) is var word && word != PlainValue.Write(theirs))
            {
                yield return (path, word);
            }
        }
    }

    private static object Set(object value, ReadOnlySpan<string> path, string word)
    {
        var name = path[0];
        var property = Properties(value).FirstOrDefault(p => PlainValue.KebabCase(p.Name) == name);
        if (property is null || (path.Length > 1) != IsPart(property))
        {
            var known = Properties(value).Select(p => PlainValue.KebabCase(p.Name));
            throw new FormatException($"there is no setting '{name}'; there are {string.Join(", ", known)}");
        }

        var changed = value.GetType().GetMethod("<Clone>$")!.Invoke(value, [])!;
        property.SetValue(changed, path.Length > 1 ? Set(property.GetValue(value)!, path[1..], word) : PlainValue.Read(word, property.PropertyType));
        return changed;
    }

    /// <summary>A record inside the settings, with settings of its own.</summary>
    private static bool IsPart(PropertyInfo property) =>
        !PlainValue.IsPlain(property.PropertyType) && property.PropertyType.GetMethod("<Clone>$") is not null;

    private static IEnumerable<PropertyInfo> Properties(object value) =>
        value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0);
}
