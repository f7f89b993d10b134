using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fleet.Node.Gslb;

namespace Fleet.Benchmarks.Dns.Children;

/// <summary>
/// The same as echo.c in this language: 64 datagrams in, QR set, 64 out, with nothing in between. Runs until its standard input ends.
/// </summary>
public static unsafe class EchoServer
{
    private const int Batch = 64;
    private const int SizeMax = 2048;
    private const int BufferOctets = 4 * 1024 * 1024;

    public static int Run(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = BufferOctets;
        socket.SendBufferSize = BufferOctets;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        new Thread(() => Echo((int)socket.Handle)) { IsBackground = true }.Start();
        Console.In.ReadToEnd();
        return 0;
    }

    private static void Echo(int socket)
    {
        var memory = GC.AllocateArray<byte>(Batch * (SizeMax + SocketAddressBytes.SizeMax), pinned: true);
        var incoming = GC.AllocateArray<Kernel.Message>(Batch, pinned: true);
        var outgoing = GC.AllocateArray<Kernel.Message>(Batch, pinned: true);
        var vectors = GC.AllocateArray<Kernel.Vector>(2 * Batch, pinned: true);
        for (var i = 0; i < Batch; i++)
        {
            var octets = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(memory, i * SizeMax);
            var from = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(memory, (Batch * SizeMax) + (i * SocketAddressBytes.SizeMax));
            vectors[i] = new Kernel.Vector { Base = octets, Length = SizeMax };
            vectors[Batch + i] = new Kernel.Vector { Base = octets };
            incoming[i] = new Kernel.Message
            {
                Name = from,
                Vectors = (Kernel.Vector*)Marshal.UnsafeAddrOfPinnedArrayElement(vectors, i),
                VectorCount = 1,
            };
            outgoing[i] = incoming[i] with { Vectors = (Kernel.Vector*)Marshal.UnsafeAddrOfPinnedArrayElement(vectors, Batch + i) };
        }

        fixed (Kernel.Message* arrivals = incoming, replies = outgoing)
        {
            while (true)
            {
                for (var i = 0; i < Batch; i++)
                    arrivals[i].NameLength = SocketAddressBytes.SizeMax;
                var received = Kernel.ReceiveMessages(socket, arrivals, Batch, Kernel.WaitForOne, null);
                for (var i = 0; i < received; i++)
                {
                    vectors[i].Base[2] |= 0x80;
                    vectors[Batch + i].Length = arrivals[i].Length;
                    replies[i].NameLength = arrivals[i].NameLength;
                }

                for (var sent = 0; sent < received;)
                    sent += Math.Max(1, Kernel.SendMessages(socket, replies + sent, (uint)(received - sent), 0));
            }
        }
    }
}
