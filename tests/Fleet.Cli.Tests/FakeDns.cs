using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Dns;

namespace Fleet.Cli.Tests;

/// <summary>A DNS server on loopback that answers every question with the same records, TTL 0; over UDP, if told so, truncated.</summary>
public sealed class FakeDns : IDisposable
{
    private const byte ResponseFlags = 0x84;
    private const byte TruncatedFlag = 0x02;

    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly bool _truncates;
    private readonly byte _rcode;
    private readonly string[] _addresses;

    public FakeDns(string[] addresses, bool truncates = false, byte rcode = 0)
    {
        (_addresses, _truncates, _rcode) = (addresses, truncates, rcode);
        (_udp, _tcp) = Listen(tries: 20);
        Serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public int Port => ((IPEndPoint)_udp.LocalEndPoint!).Port;

    /// <summary>The last query as it came over UDP.</summary>
    public byte[] LastQuery { get; private set; } = [];

    public Task Serving { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    /// <summary>One port that is free for both.</summary>
    private static (Socket Udp, TcpListener Tcp) Listen(int tries)
    {
        var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var tcp = new TcpListener((IPEndPoint)udp.LocalEndPoint!);
        try
        {
            tcp.Start();
            return (udp, tcp);
        }
        catch (SocketException) when (tries > 1)
        {
            udp.Dispose();
            tcp.Dispose();
            return Listen(tries - 1);
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var from = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                LastQuery = buffer[..from.ReceivedBytes];
                await _udp.SendToAsync(Reply(LastQuery, _truncates), from.RemoteEndPoint);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query);
                var reply = Reply(query, false);
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)reply.Length);
                await stream.WriteAsync((byte[])[.. length, .. reply]);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>The header turned round, the question as it came, and an A or AAAA record for each address of the family asked for.</summary>
    private byte[] Reply(byte[] query, bool truncated)
    {
        DnsQuestion.TryRead(query, out var question);
        var type = question.Type;
        var records = truncated
            ? []
            : _addresses.Select(IPAddress.Parse).Where(ip => (ip.GetAddressBytes().Length == 4) == (type == DnsType.A)).ToArray();
        List<byte> reply =
        [
            query[0], query[1], (byte)(ResponseFlags | (truncated ? TruncatedFlag : 0)), _rcode, 0, 1, 0, (byte)records.Length, 0, 0, 0, 0,
            .. query[12..question.Next],
        ];
        foreach (var bytes in records.Select(ip => ip.GetAddressBytes()))
            reply.AddRange([0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 0, 0, (byte)bytes.Length, .. bytes]);
        return [.. reply];
    }
}
