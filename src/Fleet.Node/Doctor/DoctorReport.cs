using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fleet.Node.Doctor.Rules;
using Fleet.Shared.Json;

namespace Fleet.Node.Doctor;

/// <summary>What was found, for people and for programs.</summary>
internal static class DoctorReport
{
    public static string Text(string node, ImmutableArray<Finding> findings)
    {
        var width = findings.Max(finding => finding.Matter.Length);
        var lines = findings.SelectMany(finding =>
        {
            var found = $"{Kebab.Word(finding.Health),-4}  {finding.Matter.PadRight(width)}  {finding.Found}";
            return finding.Mend is { } mend ? [found, $"{new string(' ', 8 + width)}mend: {mend}"] : new[] { found };
        });
        var counts = new[] { Health.Bad, Health.Warn, Health.Ok }.Select(health => $"{Count(findings, health)} {Kebab.Word(health)}");
        return string.Join('\n', lines.Append($"{node}: {string.Join(", ", counts)}"));
    }

    public static JsonObject Json(string node, ImmutableArray<Finding> findings) => new()
    {
        ["node"] = node,
        ["bad"] = Count(findings, Health.Bad),
        ["warn"] = Count(findings, Health.Warn),
        ["findings"] = new JsonArray(
        [
            .. findings.Select(finding => (JsonNode)new JsonObject
            {
                ["health"] = Kebab.Word(finding.Health),
                ["matter"] = finding.Matter,
                ["found"] = finding.Found,
                ["mend"] = finding.Mend,
                ["key"] = finding.Key is { } key ? $"fleet.node.{key}" : null,
            }),
        ]),
    };

    public static int Count(ImmutableArray<Finding> findings, Health health) => findings.Count(finding => finding.Health == health);
}
