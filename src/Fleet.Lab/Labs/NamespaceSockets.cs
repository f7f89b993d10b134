using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Labs;

/// <summary>
/// Sockets inside a namespace of a lab, for whoever is outside: a socket stays in the network namespace in which it was made (network_namespaces(7)),
/// and a thread that goes there makes it (setns(2)).
/// </summary>
internal static partial class NamespaceSockets
{
    private const int CloseOnExec = 0x80000;

    /// <summary>CLONE_NEWNET.</summary>
    private const int Network = 0x40000000;

    /// <exception cref="LabException">There is no such namespace, or this process may not enter it.</exception>
    public static Socket Create(string name, AddressFamily family, SocketType type, ProtocolType protocol) =>
        In(name, () => new Socket(family, type, protocol));

    /// <summary>HTTP from a host of the lab.</summary>
    public static HttpClient Http(string lab, string host, TimeSpan patience) => new(Handler(lab, host)) { Timeout = patience };

    /// <inheritdoc cref="Http"/>
    public static SocketsHttpHandler Handler(string lab, string host)
    {
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var address = IPAddress.Parse(context.DnsEndPoint.Host);
                var socket = Create(Places.Namespace(lab, host), address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
    }

    /// <summary>Whether somebody takes a connection there, asked from a host of the lab.</summary>
    public static async Task<bool> ListensAsync(string lab, string host, IPEndPoint there, CancellationToken cancellation)
    {
        using var socket = Create(Places.Namespace(lab, host), there.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(there, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static T In<T>(string name, Func<T> make)
    {
        T? made = default;
        ExceptionDispatchInfo? failure = null;
        // A thread of its own: one of the pool would stay there.
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
                made = make();
            }
            catch (Exception e) when (e is LabException or SocketException)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return made!;
    }

    private static void Enter(string name)
    {
        var descriptor = Open(Path.Combine(LabPrograms.NamespaceFolder, name), CloseOnExec);
        if (descriptor < 0)
            throw new LabException($"There is no namespace {name}: {Marshal.GetLastPInvokeErrorMessage()}.");
        var entered = SetNamespace(descriptor, Network);
        var reason = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (entered != 0)
            throw new LabException($"Namespace {name} cannot be entered: {reason}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
