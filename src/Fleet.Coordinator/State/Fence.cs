using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// A node whose lease the leader lets run out, because otherwise nobody could tell who serves its VIPs. Its heartbeats are not acknowledged and its
/// witnesses are told not to vouch, until it reports that it knows the map in question, or is proven lost.
/// </summary>
/// <param name="Granted">When the leader last acknowledged a heartbeat of it.</param>
/// <param name="Revision">The map that it has to know.</param>
internal sealed record Fence(Instant Granted, long Revision);
