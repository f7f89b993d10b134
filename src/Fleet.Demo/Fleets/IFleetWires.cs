using System.Net;

namespace Fleet.Demo.Fleets;

/// <summary>
/// What lies between the processes of a fleet: tests put long or cut wires there. Each method is called again when a node starts again.
/// </summary>
internal interface IFleetWires
{
    /// <summary>Where a node that has this address for itself is to look for the coordinator.</summary>
    IPEndPoint Link(string node, IPAddress nodeAddress, IPEndPoint coordinator);

    /// <summary>Where peers are to send their probes to a node that listens for them at this address.</summary>
    IPEndPoint Watch(string node, IPEndPoint listens);
}
