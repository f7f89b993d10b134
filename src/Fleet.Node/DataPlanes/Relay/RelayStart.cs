namespace Fleet.Node.DataPlanes.Relay;

/// <summary>Starts a relay process and waits until it can be spoken to.</summary>
internal static class RelayStart
{
    private static readonly TimeSpan ConnectEvery = TimeSpan.FromMilliseconds(5);

    /// <summary>Whatever was at that path is forgotten.</summary>
    /// <exception cref="IOException">
    /// It ended before it could be spoken to, or took longer than <see cref="RelayClientOptions.StartMax"/> and was killed.
    /// </exception>
    public static async Task<RelayLink> RunAsync(
        IRelayHost host, TimeProvider time, RelayClientOptions options, string path, Action<int> peerFound, CancellationToken cancellation)
    {
        host.Delete(path);
        using var child = host.Start(path);
        peerFound(child.Id);
        var since = time.GetTimestamp();
        while (true)
        {
            if (await RelayLink.OpenAsync(host, time, path, peerFound, options.StartMax, cancellation) is { } link)
            {
                link.Fresh = true;
                return link;
            }

            if (child.HasExited)
                throw new IOException(
                    $"The relay (process {child.Id}) ended with exit code {child.ExitCode} before it took an order; {Log(options)}.");
            if (time.GetElapsedTime(since) >= options.StartMax)
            {
                await host.KillAsync(child.Id, cancellation);
                throw new IOException(
                    $"The relay (process {child.Id}) took no order within {options.StartMax.TotalSeconds:0.#} s of its start and was killed; "
                    + $"{Log(options)}.");
            }

            await Task.Delay(ConnectEvery, time, cancellation);
        }
    }

    private static string Log(RelayClientOptions options) => options.LogFile is { } file ? $"what it said is in {file}" : "what it said is above";
}
