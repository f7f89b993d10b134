using System.Buffers;
using System.Net.Sockets;

namespace Fleet.Node.DataPlanes.Relay.Serving;

internal enum PumpStep
{
    Forward,

    /// <summary>Read on, forward nothing.</summary>
    Discard,

    /// <summary>Not one byte more: end both connections.</summary>
    Cut,
}

internal delegate PumpStep PumpTake(ReadOnlySpan<byte> bytes);

/// <summary>
/// Copies one direction of a connection. The next chunk is read once the kernel has taken the last one, so a slow reader slows its writer down. No
/// buffer is held while nothing comes.
/// </summary>
internal static class Pump
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>
    /// Runs until the sender has ended its direction, which is passed on (FIN), or until something breaks, when <paramref name="abort"/> is called.
    /// </summary>
    public static async Task RunAsync(Socket from, Socket to, PumpTake take, Action<int> forwarded, Action abort)
    {
        try
        {
            while (await CopyBurstAsync(from, to, take, forwarded, abort))
            {
            }

            PassOnEnd(to);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            abort();
        }
    }

    private static void PassOnEnd(Socket to)
    {
        try
        {
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other end has gone first: there is nobody left to tell.
        }
    }

    /// <summary>Copies what is there; false when the sender has ended.</summary>
    private static async Task<bool> CopyBurstAsync(Socket from, Socket to, PumpTake take, Action<int> forwarded, Action abort)
    {
        await from.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            int length;
            do
            {
                length = await from.ReceiveAsync(buffer.AsMemory(0, ChunkSize), SocketFlags.None);
                if (length == 0)
                    return false;
                var step = take(buffer.AsSpan(0, length));
                if (step == PumpStep.Cut)
                    abort();
                if (step != PumpStep.Forward)
                    continue;
                await to.SendAsync(buffer.AsMemory(0, length), SocketFlags.None);
                forwarded(length);
            }
            while (length == ChunkSize);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
