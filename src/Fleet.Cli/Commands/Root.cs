using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;

namespace Fleet.Cli.Commands;

/// <summary>The root of all commands: a new group is one line here.</summary>
internal static class Root
{
    public static Command Build(CliHost host)
    {
        var shell = new Shell(host, new GlobalOptions());
        var root = new PbmCommand(
            "pbm",
            "Looks into a fleet of ADC nodes and operates it. Exit codes: 0 ok, 1 refused, 2 usage, 3 unreachable.",
            "pbm cluster status",
            "pbm vip list --watch",
            "pbm --url http://10.0.0.1:7400 node drain adc-2")
        {
            ClusterCommands.Group(shell),
            NodeCommands.Group(shell),
            VipCommands.Group(shell),
            ServiceCommands.Group(shell),
            MapCommands.Group(shell),
            GslbCommands.Group(shell),
            PlanCommand.Command(shell),
            WhatIfCommand.Command(shell),
            AdviseCommand.Command(shell),
            ConfigCommands.Group(shell),
            StoreCommands.Group(shell),
        };
        root.Options.Add(new HelpOption("--help", "-h", "-?") { Action = new HelpWithExamples(host.Width ?? 120) });
        root.Options.Add(new VersionOption { Action = new PrintVersion() });
        shell.Options.AddTo(root);
        return root;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var version = typeof(Root).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            parseResult.InvocationConfiguration.Output.WriteLine($"pbm {version}");
            return ExitCode.Ok;
        }
    }
}
