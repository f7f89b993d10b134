using System.Text;
using Fleet.Node.Core;

namespace Fleet.Node.DataPlanes.Haproxy.Rendering;

/// <summary>
/// A server's <c>id</c>, from which HAProxy computes its place on a consistent hash's ring. It depends on the backend alone, so that every node sends
/// a client to the same one, whatever order backends came in.
/// </summary>
internal static class SlotId
{
    /// <summary>FNV-1a of its address, 1 to 2^31 - 1; where it is taken, the next that is free.</summary>
    /// <param name="taken">The ids of the section, to which this one is added.</param>
    public static int Of(BackendServer server, HashSet<int> taken)
    {
        var hash = 2166136261U;
        foreach (var octet in Encoding.UTF8.GetBytes(HaproxyText.Endpoint(server.Address)))
            hash = (hash ^ octet) * 16777619U;
        var id = (int)(hash % int.MaxValue) + 1;
        while (!taken.Add(id))
            id = id == int.MaxValue ? 1 : id + 1;
        return id;
    }
}
