using System.CommandLine;
using Fleet.Node;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.DataPlanes.Relay.Serving;
using Fleet.Node.Doctor;
using Fleet.Node.Feedback;

var config = new Option<FileInfo?>("--config", "-c")
{
    Description = "The fleet's configuration (HOCON); without it, the defaults of reference.conf.",
};
var set = new Option<string[]>("--set") { Description = "Overrides one key, such as --set fleet.node.name=adc-2; may be repeated." };
var root = new RootCommand(
    """
    fleet-node: the agent of one ADC. Holds VIPs under lease, drives the data plane, checks backends and answers DNS.

    Examples:
      fleet-node --config /etc/fleet/fleet.conf --set fleet.node.name=adc-1
      fleet-node --set fleet.node.name=adc-2 --set fleet.node.dns-listen=127.0.0.1:5302
    """)
{
    config,
    set,
};
root.SetAction((parsed, cancellation) => Agent.RunAsync(parsed.GetValue(config)?.FullName, parsed.GetValue(set) ?? [], cancellation));

var socket = new Option<string>("--socket") { Description = "Where orders come in: a Unix domain socket.", Required = true };
var node = new Option<string>("--node") { Description = "The node's name, which backends are told.", Required = true };
var orphan = new Option<int>("--orphan-max-ms") { Description = "How long it lives without an agent.", DefaultValueFactory = _ => 10_000 };
var connect = new Option<int>("--connect-timeout-ms")
{
    Description = "How long a backend may take to accept a connection.",
    DefaultValueFactory = _ => 1_000,
};
var log = new Option<string?>("--log") { Description = "Where its output goes; without it, where the agent's goes." };
var relay = new Command("relay", "The embedded data plane, started by the agent; it outlives it and holds its lease.")
{
    socket,
    node,
    orphan,
    connect,
    log,
};
relay.SetAction((parsed, cancellation) => RelayProcess.RunAsync(
    new RelayOptions
    {
        SocketPath = parsed.GetValue(socket)!,
        Node = parsed.GetValue(node)!,
        OrphanMax = TimeSpan.FromMilliseconds(parsed.GetValue(orphan)),
        ConnectTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(connect)),
        LogFile = parsed.GetValue(log),
    },
    cancellation));
root.Subcommands.Add(relay);
root.Subcommands.Add(FeedbackAgentCommand.Build());
root.Subcommands.Add(DoctorCommand.Build());

// Agent and relay each hear signals in their own way: a relay lives through Ctrl-C, an agent says good-bye first. The library would cancel both.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
