using Fleet.Shared.Protocol;
using Fleet.Simulation.Checkers;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// Looks at one link from the node's end: no acknowledgement may lengthen its lease that a leader has given to a heartbeat which was sent after a
/// leader of a later term had acknowledged something.
/// </summary>
internal sealed class SimAckJudge(World world, SimNode node)
{
    private readonly Dictionary<long, long> _sent = [];

    public void Sends(ReadOnlyMemory<byte> message)
    {
        if (Wire.TryDecodeNodeMessage(message.Span, out var said) && said is NodeMessage.Heartbeat beat)
            _sent[beat.Seq] = world.Now;
    }

    public void Hears(ReadOnlyMemory<byte> message)
    {
        if (!Wire.TryDecodeLeaderMessage(message.Span, out var heard) || heard is not LeaderMessage.Ack ack || !_sent.Remove(ack.Seq, out var sent))
            return;
        var (term, since) = world.Rights.Newest;
        if (ack.Version.Term < term && sent > since)
            world.Break(new CheckFailedException(
                world, $"{node.Name} hears its lease lengthened in term {ack.Version.Term}, for what it sent when term {term} had begun."));
    }
}
