using System.Net;

namespace Fleet.Demo.Processes;

/// <summary>
/// What lies between the processes of a fleet: tests put wires there that are long, or cut. Each is asked again when a node starts again.
/// </summary>
internal interface IFleetWires
{
    /// <summary>Where a node, which has that address for itself, is to look for the coordinator.</summary>
    IPEndPoint Link(string node, IPAddress nodeAddress, IPEndPoint coordinator);

    /// <summary>Where the peers of a node, which listens for their probes at that address, are to send them.</summary>
    IPEndPoint Watch(string node, IPEndPoint listens);
}
