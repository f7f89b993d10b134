using System.CommandLine;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Commands;

/// <summary>Options that several commands have.</summary>
internal static class LabOptions
{
    public const string DefaultName = "lab";

    public static readonly Option<string> Name = Checked(
        new Option<string>("--name") { Description = "The lab's name; several can be up at once.", DefaultValueFactory = _ => DefaultName });

    public static readonly Option<bool> Json = new("--json") { Description = "For scripts." };

    private static Option<string> Checked(Option<string> option)
    {
        option.Validators.Add(result =>
        {
            foreach (var problem in TopologyRules.LabName(result.GetValueOrDefault<string>()))
                result.AddError($"--name: {problem}.");
        });
        return option;
    }
}
