using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// Strangers at a coordinator's door: requests that come a byte a second, half of them headers and half of them bodies, WebSockets that say nothing,
/// and nodes that say hello and never read. One thread of its own drives them all, with plain sockets, so that they cost this process next to
/// nothing. Who is thrown out comes back.
/// </summary>
public sealed class StrangerCrowd : IDisposable
{
    private const string Upgrade = $"GET {Routes.Link} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
        + $"13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private const string SlowHeaders = $"GET {Routes.Cluster} HTTP/1.1\r\nHost: h\r\nX-Slow: ";
    private const string SlowBody = $"PUT {Routes.Services}/slow HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: "
        + $"100000\r\n\r\n{{";

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly IPEndPoint _coordinator;
    private readonly Stranger[] _strangers;
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    public StrangerCrowd(IPEndPoint coordinator, int slow, int silent, int deaf)
    {
        _coordinator = coordinator;
        _strangers =
        [
            .. Enumerable.Range(0, slow).Select(i => new Stranger(Encoding.ASCII.GetBytes(i % 2 == 0 ? SlowHeaders : SlowBody), Trickles: true)),
            .. Enumerable.Range(0, silent).Select(_ => new Stranger(Encoding.ASCII.GetBytes(Upgrade), Trickles: false)),
            .. Enumerable
                .Range(0, deaf)
                .Select(i => new Stranger([.. Encoding.ASCII.GetBytes(Upgrade), .. Frame(Hello($"deaf-{i}"))], Trickles: false)),
        ];
        _thread = new Thread(Run) { IsBackground = true, Name = "strangers" };
        _thread.Start();
    }

    /// <summary>Ends when each of them has been there once.</summary>
    public Task AllThere => _all.Task;

    /// <summary>How often one of them has connected.</summary>
    public int Connected { get; private set; }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            do
            {
                foreach (var stranger in _strangers)
                    Step(stranger);
                _all.TrySetResult();
            }
            while (!_stop.Wait(Round));
        }
        catch (Exception e)
        {
            _all.TrySetException(e);
        }
        finally
        {
            foreach (var stranger in _strangers)
                stranger.Socket?.Dispose();
        }
    }

    private void Step(Stranger stranger)
    {
        try
        {
            if (stranger.Socket is { } socket && !IsOver(socket))
            {
                if (stranger.Trickles)
                    socket.Send("1"u8);
                return;
            }

            stranger.Socket?.Dispose();
            stranger.Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            stranger.Socket.Connect(_coordinator);
            stranger.Socket.Send(stranger.First);
            Connected++;
        }
        catch (SocketException)
        {
            // Thrown out: it comes back in the next round.
        }
    }

    /// <summary>Nothing is read: what has come and not been read keeps an end from being seen, which suits a deaf one.</summary>
    private static bool IsOver(Socket socket) =>
        socket.Poll(0, SelectMode.SelectError) || (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);

    private static byte[] Hello(string name) =>
        Wire.Encode(new NodeMessage.Hello(Wire.Schema, LinkClient.Facts(name), new Incarnation(1), MapVersion.None));

    /// <summary>A masked text frame (RFC 6455, section 5.2) with the mask 0.</summary>
    private static byte[] Frame(byte[] text) => [0x81, 0xFE, (byte)(text.Length >> 8), (byte)text.Length, 0, 0, 0, 0, .. text];

    private sealed record Stranger(byte[] First, bool Trickles)
    {
        public Socket? Socket { get; set; }
    }
}
