using System.CommandLine;
using Fleet.Cli.Sessions;

namespace Fleet.Cli.Commands;

/// <summary>
/// <c>pbm node doctor</c>. What a node needs of its host is the node's to know, so <c>fleet-node doctor</c> looks, on this host, whether an agent
/// runs or not. Asks no coordinator.
/// </summary>
internal static class NodeDoctor
{
    public static PbmCommand Command(Shell shell)
    {
        var config = new Option<string?>("--config", "-c")
        {
            Description = "The configuration that the agent of this host gets; without it, what every host can do",
            HelpName = "FILE",
        };
        var set = new Option<string[]>("--set") { Description = "Overrides one key; may be repeated", HelpName = "KEY=VALUE" };
        var command = new PbmCommand(
            "doctor",
            "Whether this host can be the node that its configuration describes: kernel, rights, nft, HAProxy, interface, ARP, clock, ports, "
                + "conflicts. Each line is ok, warn or bad, and says how to mend it; exit code 1 where one is bad. Needs no root, and says what it "
                + "cannot see without",
            "pbm node doctor --config /etc/fleet/fleet.conf",
            "pbm node doctor --config /etc/fleet/fleet.conf --json | jq '.findings[] | select(.health == \"bad\")'",
            "pbm node doctor --set fleet.node.data-plane=haproxy --set fleet.node.vips=linux --set fleet.node.linux.interface=eth0") { config, set };
        return command.Does(shell, (session, cancel) => OtherProgram.Node.RunAsync(
            shell.Host,
            [
                "doctor",
                .. session.Get(config) is { } file ? ["--config", file] : Array.Empty<string>(),
                .. (session.Get(set) ?? []).SelectMany(one => new[] { "--set", one }),
                .. session.Json ? ["--json"] : Array.Empty<string>(),
            ],
            cancel));
    }
}
