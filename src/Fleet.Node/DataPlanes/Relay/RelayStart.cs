using System.Diagnostics;
using System.Net.Sockets;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>A relay from nothing: starts the process and waits until it can be spoken to.</summary>
internal static class RelayStart
{
    private static readonly TimeSpan ConnectEvery = TimeSpan.FromMilliseconds(5);

    /// <summary>Whatever was at that path is forgotten.</summary>
    /// <exception cref="IOException">It ended before it could be spoken to, or took longer than <see cref="RelayClientOptions.StartMax"/> and was killed.</exception>
    public static async Task<RelayLink> RunAsync(RelayClientOptions options, string socketPath, Action<int> peerFound, CancellationToken cancellation)
    {
        File.Delete(socketPath);
        using var child = RelayChild.Start(options, socketPath);
        peerFound(child.Id);
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var link = await RelayLink.OpenAsync(socketPath, peerFound, options.StartMax, cancellation);
                link.Fresh = true;
                return link;
            }
            catch (SocketException e)
            {
                // A path where nobody listens yet is "Cannot assign requested address" in .NET's words, and never what is wrong.
                if (child.HasExited)
                    throw new IOException($"The relay (process {child.Id}) ended with exit code {child.ExitCode} before it took an order; {Log(options)}.", e);
                if (since.Elapsed >= options.StartMax)
                {
                    await RelayChild.KillAsync(child.Id, options, cancellation);
                    throw new IOException($"The relay (process {child.Id}) took no order within {options.StartMax.TotalSeconds:0.#} s of its start and was killed; {Log(options)}.", e);
                }
            }

            await Task.Delay(ConnectEvery, cancellation);
        }
    }

    private static string Log(RelayClientOptions options) => options.LogFile is { } file ? $"what it said is in {file}" : "what it said is above";
}
