using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Tests.Vips.Networks;

/// <summary>
/// Pings a VIP every few milliseconds. The kernel of the node that has it answers while the ping is sent, so the moment before a ping was sent is the
/// moment at which it was answered, or a little earlier.
/// </summary>
public sealed class Pinger : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);
    private static readonly ushort Id = (ushort)Environment.ProcessId;

    private readonly Socket _socket;
    private readonly IPEndPoint _vip;
    private readonly bool _isV6;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;
    private readonly ConcurrentDictionary<ushort, Instant> _sent = new();
    private readonly ConcurrentQueue<Instant> _answered = new();

    public Pinger(NetworkNamespace client, VipAddress vip)
    {
        (_vip, _isV6) = (new IPEndPoint(vip.Value, 0), vip.IsV6);
        _socket = client.Run(() => new Socket(vip.Value.AddressFamily, SocketType.Raw, _isV6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp));
        _work = Task.WhenAll(SendAsync(), ReceiveAsync());
    }

    /// <summary>When the first answer was read. Pings that find nobody wait in the kernel, so the first that is answered may be an old one.</summary>
    public Instant FirstRead { get; private set; } = Instant.Forever;

    /// <summary>When those pings were sent that were answered.</summary>
    public IEnumerable<Instant> Answered => _answered;

    /// <summary>When all of them were sent.</summary>
    public IEnumerable<Instant> Sent => _sent.Values;

    /// <summary>Waits for an answer to a ping that was sent from then on.</summary>
    public async Task<Instant> AnsweredSinceAsync(Instant moment, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        while (true)
        {
            if (_answered.FirstOrDefault(answered => answered >= moment, Instant.Never) is var first && first != Instant.Never)
                return first;
            await Task.Delay(1, late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
            return;
        await _end.CancelAsync();
        await _work;
        _socket.Dispose();
    }

    private async Task SendAsync()
    {
        var packet = new byte[8];
        packet[0] = (byte)(_isV6 ? 128 : 8);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), Id);
        for (ushort number = 0; !_end.IsCancellationRequested; number++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), number);
            if (!_isV6)
                WriteChecksum(packet);
            _sent[number] = MonotonicClock.System.Now;
            try
            {
                _socket.SendTo(packet, _vip);
                await Task.Delay(Pause, _end.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Nobody has it, as the kernel knows by now; or the test is over.
            }
        }
    }

    private async Task ReceiveAsync()
    {
        var packet = new byte[256];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(packet, SocketFlags.None, _end.Token);
                var reply = packet.AsMemory(_isV6 ? 0 : 20, length - (_isV6 ? 0 : 20));
                if (reply.Span[0] != (_isV6 ? 129 : 0) || BinaryPrimitives.ReadUInt16BigEndian(reply.Span[4..]) != Id)
                    continue;
                FirstRead = Instant.Min(FirstRead, MonotonicClock.System.Now);
                _answered.Enqueue(_sent[BinaryPrimitives.ReadUInt16BigEndian(reply.Span[6..])]);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // As above.
            }
        }
    }

    private static void WriteChecksum(Span<byte> packet)
    {
        packet[2..4].Clear();
        var sum = 0u;
        for (var at = 0; at < packet.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)~(sum + (sum >> 16)));
    }
}
