using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fleet.Node.Gslb.Answering;

namespace Fleet.Node.Gslb;

/// <summary>
/// Up to 64 datagrams per system call each way. All memory is laid out once: queries, answers and addresses side by side, message i always at place
/// i. The socket must block, with a receive time-out.
/// </summary>
internal sealed unsafe class UdpBatchLoop : IUdpLoop
{
    private const int Batch = 64;
    private const int AnswerSizeMax = 1280;

    private readonly AnswerContext _context;
    private readonly Socket _socket;
    private readonly byte[] _memory = GC.AllocateArray<byte>(
        Batch * (IUdpLoop.QuerySizeMax + AnswerSizeMax + SocketAddressBytes.SizeMax), pinned: true);
    private readonly Kernel.Message[] _in = GC.AllocateArray<Kernel.Message>(Batch, pinned: true);
    private readonly Kernel.Message[] _out = GC.AllocateArray<Kernel.Message>(Batch, pinned: true);
    private readonly Kernel.Vector[] _vectors = GC.AllocateArray<Kernel.Vector>(2 * Batch, pinned: true);
    private readonly Lane _lane;

    /// <summary>Control data of each message, where the socket is bound to any address; else empty, and nothing is asked for or sent.</summary>
    private readonly byte[] _control;

    /// <param name="isBoundToAny">Whether <see cref="PacketInfo"/> comes with each datagram.</param>
    public UdpBatchLoop(Socket socket, AnswerContext context, ulong seed, bool isBoundToAny)
    {
        _control = isBoundToAny ? GC.AllocateArray<byte>(Batch * PacketInfo.SizeMax, pinned: true) : [];
        _socket = socket;
        _context = context;
        _lane = context.Tally.Open(seed);
        for (var i = 0; i < Batch; i++)
        {
            _vectors[i] = new Kernel.Vector { Base = QueryAt(i), Length = IUdpLoop.QuerySizeMax };
            _vectors[Batch + i] = new Kernel.Vector { Base = AnswerAt(i) };
            _in[i] = new Kernel.Message { Name = AddressAt(i), Vectors = VectorAt(i), VectorCount = 1 };
        }
    }

    /// <inheritdoc/>
    public void Run(CancellationToken stop)
    {
        var socket = (int)_socket.Handle;
        fixed (Kernel.Message* incoming = _in, outgoing = _out)
        {
            _ = Kernel.SendMessages(socket, outgoing, 0, 0); // compiles the call before the first query needs it
            while (!stop.IsCancellationRequested)
            {
                for (var i = 0; i < Batch; i++)
                    incoming[i].NameLength = SocketAddressBytes.SizeMax;
                if (_control.Length > 0)
                    OfferControl(incoming);
                var received = Kernel.ReceiveMessages(socket, incoming, Batch, Kernel.WaitForOne, null);
                if (received > 0)
                    AnswerAll(socket, outgoing, received);
                else if (Marshal.GetLastPInvokeError() is not (Kernel.TryAgain or Kernel.Interrupted))
                    stop.WaitHandle.WaitOne(1); // out of buffers or the like: no spinning
            }
        }

        GC.KeepAlive(_socket);
    }

    private void AnswerAll(int socket, Kernel.Message* outgoing, int received)
    {
        var zone = _context.Zone;
        var keys = _context.Keys;
        var utc = keys is null ? 0 : _context.UtcSeconds;
        var now = _context.Clock.Now;
        _lane.Rules = _context.Rules;
        var ready = 0;
        for (var i = 0; i < received; i++)
        {
            var source = SocketAddressBytes.AddressOf(new ReadOnlySpan<byte>(AddressAt(i), SocketAddressBytes.SizeMax));
            var answer = new Span<byte>(AnswerAt(i), AnswerSizeMax);
            var arrival = new Arrival(source, overTcp: false, now) { Keys = keys, UtcSeconds = utc };
            var length = Responder.Respond(zone, new ReadOnlySpan<byte>(QueryAt(i), (int)_in[i].Length), answer, arrival, _lane);
            if (length == 0)
                continue;
            _vectors[Batch + i].Length = (nuint)length;
            outgoing[ready++] = new Kernel.Message
            {
                Name = AddressAt(i),
                NameLength = _in[i].NameLength,
                Vectors = VectorAt(Batch + i),
                VectorCount = 1,
            };
            if (_control.Length > 0)
                LeaveFromWhereItCame(ref outgoing[ready - 1], i);
        }

        _lane.Count(Counter.Unsent, ready - SendAll(socket, outgoing, ready));
    }

    private void OfferControl(Kernel.Message* incoming)
    {
        for (var i = 0; i < Batch; i++)
        {
            incoming[i].Control = ControlAt(i);
            incoming[i].ControlLength = PacketInfo.SizeMax;
        }
    }

    private void LeaveFromWhereItCame(ref Kernel.Message reply, int i)
    {
        var length = PacketInfo.Reverse(new Span<byte>(ControlAt(i), (int)_in[i].ControlLength));
        reply.Control = length == 0 ? null : ControlAt(i);
        reply.ControlLength = (nuint)length;
    }

    /// <summary>
    /// Sends what can be sent, and returns how many: a reply that the kernel refuses (an asker with port 0) does not hold up the rest.
    /// </summary>
    private static int SendAll(int socket, Kernel.Message* outgoing, int count)
    {
        var refused = 0;
        for (var at = 0; at < count;)
        {
            var sent = Kernel.SendMessages(socket, outgoing + at, (uint)(count - at), 0);
            if (sent > 0)
            {
                at += sent;
            }
            else if (Marshal.GetLastPInvokeError() != Kernel.Interrupted)
            {
                refused++;
                at++;
            }
        }

        return count - refused;
    }

    private byte* QueryAt(int i) => Start + (i * IUdpLoop.QuerySizeMax);

    private byte* AnswerAt(int i) => Start + (Batch * IUdpLoop.QuerySizeMax) + (i * AnswerSizeMax);

    private byte* AddressAt(int i) => Start + (Batch * (IUdpLoop.QuerySizeMax + AnswerSizeMax)) + (i * SocketAddressBytes.SizeMax);

    private byte* ControlAt(int i) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_control, i * PacketInfo.SizeMax);

    private Kernel.Vector* VectorAt(int i) => (Kernel.Vector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i);

    private byte* Start => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
}
