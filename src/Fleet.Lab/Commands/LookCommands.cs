using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Fleet.Demo.Processes;
using Fleet.Lab.Configs;
using Fleet.Lab.Labs;
using Fleet.Lab.Status;
using Fleet.Lab.Topology;
using Fleet.Lab.Traffic;

namespace Fleet.Lab.Commands;

/// <summary>Commands that look at a lab and change nothing: <c>status</c>, <c>shell</c>, <c>pbm</c>, <c>traffic</c>.</summary>
internal static class LookCommands
{
    public static Command Status()
    {
        var command = new Command("status", "Namespaces, addresses and processes; what the wire does, and what was made to fail.")
        {
            LabOptions.Name, LabOptions.Json,
        };
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            var status = await StatusReading.ReadAsync(NetworkLab.Open(parsed.GetValue(LabOptions.Name)!), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(LabOptions.Json) ? status.ToJson() : status.ToString());
            return 0;
        }));
        return command;
    }

    public static Command Shell()
    {
        var place = new Argument<string>("host") { Description = "A host, a site (its switches), router, or control (the coordinators' switch)." };
        var program = Rest("What to run there; a shell, if nothing is named. Put -- before it.");
        var command = new Command("shell", "A shell, or a program, inside a namespace of the lab.") { place, program, LabOptions.Name };
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(() =>
        {
            var lab = NetworkLab.Open(parsed.GetValue(LabOptions.Name)!);
            var wanted = parsed.GetValue(program) is { Length: > 0 } named ? named : [Environment.GetEnvironmentVariable("SHELL") ?? "/bin/sh"];
            return RunAsync(lab.CommandIn(parsed.GetValue(place)!, wanted[0], wanted[1..]), cancellation);
        }));
        return command;
    }

    public static Command Pbm()
    {
        var arguments = Rest("Arguments of pbm. Put -- before them.");
        var command = new Command("pbm", "The fleet's command line, from a coordinator's host.") { arguments, LabOptions.Name };
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(() =>
        {
            var lab = NetworkLab.Open(parsed.GetValue(LabOptions.Name)!);
            var coordinators = lab.Topology.Of(HostKind.Coordinator).ToArray();
            if (coordinators.Length == 0)
                throw new LabException($"Lab {lab.Name} has no coordinator.");
            var start = lab.CommandIn(coordinators[0].Name, Programs.Pbm, parsed.GetValue(arguments) ?? []);
            start.Environment["FLEET_API"] = string.Join(',', coordinators.Select(host => $"http://{FleetConf.Coordinator(host, lab.Plan)}"));
            return RunAsync(start, cancellation);
        }));
        return command;
    }

    public static Command Traffic()
    {
        var rate = new Option<double>("--rate") { Description = "Requests of each client in a second; 100.", DefaultValueFactory = _ => 100 };
        var seconds = new Option<double>("--seconds") { Description = "How long; until Ctrl-C." };
        var target = new Option<string[]>("--target") { Description = "ADDRESS:PORT to ask, in place of what DNS answers; may be repeated." };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1000))
                result.AddError("--rate must be above 0 and at most 1000.");
        });
        target.Validators.Add(result =>
        {
            foreach (var bad in result.Tokens.Where(token => !IPEndPoint.TryParse(token.Value, out var at) || at.Port == 0))
                result.AddError($"--target {bad.Value}: an address and a port, such as 10.1.128.1:80.");
        });
        var command = new Command("traffic", "What clients see, live: requests a second, failures, latency, and which ADC answered.")
        {
            rate, seconds, target, LabOptions.Name, LabOptions.Json,
        };
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            var view = new TrafficView(NetworkLab.Open(parsed.GetValue(LabOptions.Name)!));
            await view.RunAsync(
                parsed.GetValue(rate),
                [.. (parsed.GetValue(target) ?? []).Select(IPEndPoint.Parse)],
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(LabOptions.Json),
                Console.Out,
                cancellation);
            return 0;
        }));
        return command;
    }

    private static Argument<string[]> Rest(string description) => new("arguments") { Description = description, Arity = ArgumentArity.ZeroOrMore };

    /// <summary>With this terminal; its exit code is the program's.</summary>
    private static async Task<int> RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The terminal tells both; the program decides.
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return process.ExitCode;
    }
}
