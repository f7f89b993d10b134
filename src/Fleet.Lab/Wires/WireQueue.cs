using System.Diagnostics.CodeAnalysis;
using Fleet.Lab.Topology;
using Fleet.Shared.Model;

namespace Fleet.Lab.Wires;

/// <summary>A packet under way.</summary>
/// <param name="Buffer">Given back by <see cref="WireQueue.Return"/>.</param>
internal readonly record struct WirePacket(byte[] Buffer, int Length, Instant Due);

/// <summary>
/// What is under way: packets are due a delay after they came, or never. Between two hosts nothing arrives before what was sent earlier, unless the
/// rule lets packets overtake; that holds also when rules change while packets are under way. It has no clock. For one thread.
/// </summary>
internal sealed class WireQueue(int seed)
{
    /// <summary>About a second of what the relay can carry. What comes beyond is lost, as at any full queue.</summary>
    public const int PacketsMax = 100_000;

    /// <summary>As large as packets of the lab's links get, and a little more.</summary>
    public const int PacketSizeMax = 2048;

    private const int WaysMax = 10_000;

    private readonly PriorityQueue<WirePacket, (Instant Due, long Number)> _flight = new();
    private readonly Dictionary<PacketWay, Instant> _lastDue = [];
    private readonly Stack<byte[]> _free = [];
    private readonly Random _chance = new(seed);
    private long _number;

    /// <summary>Replaced at run time; what is under way keeps its moment.</summary>
    public WireRules Rules { get; set; } = WireRules.None;

    public int Count => _flight.Count;

    /// <summary>How many packets have come, and how many of them were lost by a rule, or by a full queue.</summary>
    public long Taken { get; private set; }

    public long Lost { get; private set; }

    public long Overflowed { get; private set; }

    /// <summary>When the next one arrives; <see cref="Instant.Forever"/> when nothing is under way.</summary>
    public Instant NextDue => _flight.TryPeek(out _, out var head) ? head.Due : Instant.Forever;

    /// <summary>A buffer to read a packet into.</summary>
    public byte[] Rent() => _free.TryPop(out var buffer) ? buffer : new byte[PacketSizeMax];

    public void Return(byte[] buffer) => _free.Push(buffer);

    /// <summary>Takes a packet that has come now, with its buffer; returns when it is due, or null when it is lost.</summary>
    public Instant? Push(byte[] buffer, int length, Instant now)
    {
        Taken++;
        var isKnown = IpPacket.TryRead(buffer.AsSpan(0, length), out var way);
        var shape = isKnown ? Rules.For(way) : WireShape.Clear;
        if (!isKnown || (shape.Loss > 0 && _chance.NextDouble() < shape.Loss))
        {
            Lost++;
            Return(buffer);
            return null;
        }

        if (_flight.Count >= PacketsMax)
        {
            Overflowed++;
            Return(buffer);
            return null;
        }

        var due = Due(way, shape, now);
        _flight.Enqueue(new WirePacket(buffer, length, due), (due, _number++));
        return due;
    }

    /// <summary>Takes the next one that has arrived by now.</summary>
    public bool TryPop(Instant now, [MaybeNullWhen(false)] out WirePacket packet)
    {
        packet = default;
        return NextDue <= now && _flight.TryDequeue(out packet, out _);
    }

    private Instant Due(PacketWay way, WireShape shape, Instant now)
    {
        var jitter = shape.JitterMs > 0 ? shape.JitterMs * _chance.NextDouble() : 0;
        var due = now + TimeSpan.FromMilliseconds(shape.DelayMs + jitter);
        if (shape.Reorder)
            return due;
        if (_lastDue.TryGetValue(way, out var last))
            due = Instant.Max(due, last);
        if (due > now)
            Remember(way, due, now);
        return due;
    }

    /// <summary>Only moments to come matter: what is past is forgotten when there is much of it.</summary>
    private void Remember(PacketWay way, Instant due, Instant now)
    {
        if (_lastDue.Count >= WaysMax)
        {
            foreach (var past in _lastDue.Where(each => each.Value <= now).Select(each => each.Key).ToArray())
                _lastDue.Remove(past);
        }

        _lastDue[way] = due;
    }
}
