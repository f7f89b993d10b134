using System.CommandLine;
using System.Net;
using Fleet.Node.Doctor.Rules;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Node.Doctor;

/// <summary><c>fleet-node doctor</c>, which <c>pbm node doctor</c> runs: it needs no root, and says what it cannot see without.</summary>
internal static class DoctorCommand
{
    /// <summary>Nothing is bad.</summary>
    private const int Sound = 0;

    private const int HasBad = 1;
    private const int BadConfig = 2;

    public static Command Build()
    {
        var config = new Option<FileInfo?>("--config", "-c") { Description = "The fleet's configuration, as the agent gets it." };
        var set = new Option<string[]>("--set") { Description = "Overrides one key; may be repeated." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command(
            "doctor", "Says whether this host can be the node that the configuration describes, and how to mend what is missing.")
        {
            config, set, json,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(config)?.FullName, parsed.GetValue(set) ?? [], parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? path, string[] overrides, bool json, CancellationToken cancellation)
    {
        var loaded = FleetConfig.Load(path, overrides, new HoconFiles(), Environment.GetEnvironmentVariable);
        if (loaded.Value is not { } config)
        {
            foreach (var error in loaded.Errors)
                await Console.Error.WriteLineAsync(error.ToString());
            return BadConfig;
        }

        var name = config.Node.Name.Length > 0 ? config.Node.Name : Dns.GetHostName();
        var findings = HostChecks.Look(config.Node, await HostProbe.LookAsync(config, cancellation));
        await Console.Out.WriteLineAsync(json ? DoctorReport.Json(name, findings).ToJsonString() : DoctorReport.Text(name, findings));
        return DoctorReport.Count(findings, Health.Bad) > 0 ? HasBad : Sound;
    }
}
