using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fleet.Node.Gslb;

namespace Fleet.Benchmarks.Dns.Load;

/// <summary>A UDP socket connected to one server, that sends and takes up to 64 datagrams per system call and never waits.</summary>
public sealed unsafe class BatchSocket : IDisposable
{
    public const int Batch = 64;
    private const int SizeMax = 2048;
    private const int DontWait = 0x40;
    private const int BufferOctets = 4 * 1024 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _memory = GC.AllocateArray<byte>(2 * Batch * SizeMax, pinned: true);
    private readonly Kernel.Message[] _messages = GC.AllocateArray<Kernel.Message>(2 * Batch, pinned: true);
    private readonly Kernel.Vector[] _vectors = GC.AllocateArray<Kernel.Vector>(2 * Batch, pinned: true);
    private readonly int _descriptor;

    public BatchSocket(IPEndPoint server, int queryLength)
    {
        _socket.ReceiveBufferSize = BufferOctets;
        _socket.SendBufferSize = BufferOctets;
        _socket.Connect(server);
        _descriptor = (int)_socket.Handle;
        for (var i = 0; i < 2 * Batch; i++)
        {
            _vectors[i] = new Kernel.Vector { Base = At(i), Length = (nuint)(i < Batch ? queryLength : SizeMax) };
            _messages[i] = new Kernel.Message { Vectors = (Kernel.Vector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i), VectorCount = 1 };
        }
    }

    /// <summary>The place of a query to be sent, 0 to 63.</summary>
    public Span<byte> Query(int i) => new(At(i), SizeMax);

    /// <summary>A datagram that was received last.</summary>
    public ReadOnlySpan<byte> Answer(int i) => new(At(Batch + i), (int)_messages[Batch + i].Length);

    /// <summary>Sends the first <paramref name="count"/> queries; returns how many the kernel took.</summary>
    public int Send(int count) => Math.Max(0, Kernel.SendMessages(_descriptor, First(0), (uint)count, 0));

    /// <summary>Takes what is there, up to 64; returns how many.</summary>
    public int Receive() => Math.Max(0, Kernel.ReceiveMessages(_descriptor, First(Batch), Batch, DontWait, null));

    public void Dispose() => _socket.Dispose();

    private Kernel.Message* First(int i) => (Kernel.Message*)Marshal.UnsafeAddrOfPinnedArrayElement(_messages, i);

    private byte* At(int i) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, i * SizeMax);
}
