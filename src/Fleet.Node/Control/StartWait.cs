using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>
/// A starting agent waits for what it needs and another process still has, up to one time limit for everything: a predecessor that was told to stop
/// hands its VIPs over first, and answers DNS meanwhile. The agent logs once what it waits for and who has it.
/// </summary>
internal sealed partial class StartWait(TimeSpan max, MonotonicClock clock, ILogger<StartWait> log)
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromMilliseconds(20);
    private TimeSpan _waited;

    /// <summary>
    /// The data folder belongs to one agent at a time: two agents with one relay and one name would take both from each other for ever.
    /// </summary>
    /// <exception cref="IOException">Another process had it all the time, or it cannot be had at all.</exception>
    public async Task<FolderLock> LockAsync(string folder, string candidate, CancellationToken cancellation)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, "agent.lock");
        for (var said = false; ; said = true)
        {
            if (FolderLock.TryAcquire(path, candidate) is { } taken)
                return taken;
            var what = $"fleet.node.data = {folder} belongs to another agent, {HolderOf.File(path)}";
            await WaitAsync(what, "Stop that one, or give this one a folder and a name of its own.", said, null, cancellation);
        }
    }

    /// <exception cref="IOException">
    /// Another process had the address all the time, or it is not an address of this host, or this user may not have it; the message names the key.
    /// </exception>
    public async Task<T> BindAsync<T>(string key, ProtocolType protocol, IPEndPoint at, Func<IPEndPoint, T> bind, CancellationToken cancellation)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                return bind(at);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // DNS uses both UDP and TCP. TCP is bound first, so it is what another server would have.
                var what = $"fleet.node.{key} = {at} is in use by {HolderOf.Port(protocol, at)}";
                await WaitAsync(what, "Stop that one, or choose another port.", said, e, cancellation);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                await WaitAsync(
                    $"fleet.node.{key} = {at} is no address of this host", "Add it to an interface, or choose another.", said, e, cancellation);
            }
            catch (SocketException e)
            {
                throw new IOException($"fleet.node.{key} = {at}: {e.Message}", e);
            }
        }
    }

    private async Task WaitAsync(string what, string remedy, bool said, Exception? cause, CancellationToken cancellation)
    {
        if (_waited >= max)
            throw new IOException($"{what}, and was for the {max.TotalSeconds:0.#} s that fleet.node.start-wait allows. {remedy}", cause);
        if (!said)
            LogWaiting(what, (max - _waited).TotalSeconds);
        var began = clock.Now;
        await Task.Delay(TryEvery, clock.Time, cancellation);
        _waited += clock.Now - began; // Only waiting counts: otherwise an agent that starts slowly would not wait at all.
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for up to {Seconds:0.0} s: {What}.")]
    private partial void LogWaiting(string what, double seconds);
}
