using System.Net.Sockets;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>What asking somebody who is dead, stopped or cut off ends with.</summary>
internal static class Silence
{
    /// <param name="cancellation">Of whoever asks: its end is no silence.</param>
    public static bool Is(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or SocketException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);
}
