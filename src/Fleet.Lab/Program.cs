using System.CommandLine;
using Fleet.Lab.Commands;

var root = new RootCommand(
    """
    A network of namespaces on this machine: sites with a switch each, a router between them, nodes, clients, backends and coordinators. Nothing of
    it is seen outside the namespaces that it makes. Needs root.

    Examples:
      ./fleet lab up
      ./fleet lab up two-sites --nodes 6 --name other
      ./fleet lab status --json
      ./fleet lab shell adc-1 -- ip address
      ./fleet lab fail link-down adc-1
      ./fleet lab fail delay dc1 --to dc2 --by 20 --jitter 2
      ./fleet lab heal
      ./fleet lab traffic
      ./fleet lab down
    """)
{
    UpCommand.Up(),
    UpCommand.Down(),
    LookCommands.Status(),
    LookCommands.Shell(),
    LookCommands.Pbm(),
    LookCommands.Traffic(),
    FailCommands.Fail(),
    FailCommands.Heal(),
};
foreach (var inside in InsideCommands.All)
    root.Subcommands.Add(inside);
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
