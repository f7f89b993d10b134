using System.CommandLine;
using Fleet.Coordinator;

var config = new Option<FileInfo?>("--config", "-c")
{
    Description = "The fleet's configuration (HOCON); without it, the defaults of reference.conf.",
};
var set = new Option<string[]>("--set")
{
    Description = "Overrides one key, such as --set fleet.coordinator.listen=127.0.0.1:7401; may be repeated.",
};
var root = new RootCommand(
    """
    fleet-coordinator: places a fleet's VIPs on its nodes and moves them when a node is lost.

    Examples:
      fleet-coordinator --config /etc/fleet/fleet.conf
      fleet-coordinator --set fleet.coordinator.data=/var/lib/fleet --set fleet.coordinator.listen=127.0.0.1:7400
      fleet-coordinator store export --config /etc/fleet/fleet.conf --out fleet-copy
    """)
{
    config,
    set,
    StoreVerbs.Group(),
};
root.SetAction((parsed, cancellation) => Startup.RunAsync(parsed.GetValue(config)?.FullName, parsed.GetValue(set) ?? [], cancellation));
return await root.Parse(args).InvokeAsync();
