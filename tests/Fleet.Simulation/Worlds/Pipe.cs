namespace Fleet.Simulation.Worlds;

/// <summary>
/// One direction of a TCP connection: what is sent arrives in order, or not at all. While the way is cut, data waits and is sent anew from time to time; after
/// <see cref="Patience"/> the sender's kernel gives the connection up.
/// </summary>
public sealed class Pipe(World world, string from, string to, Action giveUp)
{
    private const long ResendEvery = 200_000;
    private const long Patience = 8_000_000;

    private readonly Queue<(long Due, Action Arrive)> flight = new();
    private long lastDue;
    private long? stalledSince;
    private bool pumping;

    public bool IsClosed { get; private set; }

    public void Send(Action arrive)
    {
        if (IsClosed)
            return;
        lastDue = Math.Max(lastDue, world.Now + world.Network.Latency(from, to));
        flight.Enqueue((lastDue, arrive));
        if (!pumping)
            PumpAfter(lastDue - world.Now);
    }

    /// <summary>What is under way is lost.</summary>
    public void Close()
    {
        IsClosed = true;
        flight.Clear();
    }

    private void PumpAfter(long micros)
    {
        pumping = true;
        world.After(micros, Pump);
    }

    private void Pump()
    {
        pumping = false;
        if (IsClosed)
            return;
        if (world.Network.IsCut(from, to))
        {
            stalledSince ??= world.Now;
            if (world.Now - stalledSince > Patience)
                giveUp();
            else
                PumpAfter(ResendEvery);
            return;
        }

        stalledSince = null;
        while (flight.TryPeek(out var head) && head.Due <= world.Now)
        {
            flight.Dequeue();
            head.Arrive();
        }

        if (!IsClosed && !pumping && flight.TryPeek(out var next))
            PumpAfter(next.Due - world.Now);
    }
}
