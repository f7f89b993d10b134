using Fleet.Shared.Protocol;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// A node's connection to the coordinator, one end for each. An end that closes, or dies with its process, tells the other by a last message on the same way: it comes
/// behind all that was sent, and waits out a cut.
/// </summary>
public sealed class Link
{
    private readonly SimNode node;
    private readonly SimCoordinator coordinator;
    private readonly Pipe up;
    private readonly Pipe down;
    private bool nodeOpen = true;
    private bool coordinatorOpen = true;

    public Link(World world, long id, SimNode node, SimCoordinator coordinator)
    {
        Id = id;
        this.node = node;
        this.coordinator = coordinator;
        up = new Pipe(world, node.Name.Value, Network.Coordinator, EndAtNode);
        down = new Pipe(world, Network.Coordinator, node.Name.Value, EndAtCoordinator);
    }

    public long Id { get; }

    public void SendUp(Up message)
    {
        if (!nodeOpen)
            return;
        var bytes = Wire.Encode(message);
        up.Send(() =>
        {
            if (!coordinatorOpen)
                return;
            Wire.TryDecodeUp(bytes, out var heard).ShouldBeTrue($"a node sends what cannot be read: {message}");
            coordinator.Hear(Id, heard);
        });
    }

    public void SendDown(byte[] bytes)
    {
        if (!coordinatorOpen)
            return;
        down.Send(() =>
        {
            if (!nodeOpen)
                return;
            Wire.TryDecodeDown(bytes, out var heard).ShouldBeTrue("the coordinator sends what cannot be read");
            node.Hear(this, heard);
        });
    }

    /// <summary>The node's end is closed, by itself or because its process is dead.</summary>
    public void EndAtNode()
    {
        if (!nodeOpen)
            return;
        nodeOpen = false;
        down.Close();
        up.Send(EndAtCoordinator);
        node.LinkEnded(this);
    }

    public void EndAtCoordinator()
    {
        if (!coordinatorOpen)
            return;
        coordinatorOpen = false;
        up.Close();
        down.Send(EndAtNode);
        coordinator.LinkEnded(this);
    }
}
