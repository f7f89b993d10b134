using System.Collections.Immutable;
using System.Net;
using Fleet.Node.DataPlanes.Haproxy.Answers;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// Ends the connections of drained VIPs that are idle, in the process that takes new connections and in those of before a reload. What is busy is
/// asked of HAProxy first; what it is doing something for now ends with its response (<see cref="HaproxyConfig.DrainMap"/>), or is found idle
/// later.
/// </summary>
internal sealed partial class IdleEnds(HaproxyOptions options, HaproxyProcess process, TimeProvider time, ILogger<IdleEnds> log)
{
    private const int RoundsMax = 20;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(5);
    private string? _said;

    /// <param name="again">
    /// Connections that had something come to them just now are looked at until that is over, for a tenth of a second at most.
    /// </param>
    public async Task EndAsync(ImmutableSortedSet<VipAddress> vips, HaproxyLayout layout, bool again, CancellationToken cancellation)
    {
        var ports = layout.Ports.Where(port => port.Protocol == ListenerProtocol.Http).Select(port => port.Port).ToHashSet();
        if (vips.IsEmpty || ports.Count == 0 || await process.LookAsync(cancellation) is not { } processes)
            return;
        var addresses = vips.ToHashSet();
        for (var round = 0; round < (again ? RoundsMax : 1); round++)
        {
            var doubtful = 0;
            foreach (var pid in processes.Workers)
            {
                var asked = time.GetTimestamp();
                if (await BusyAsync(pid, cancellation) is { } busy)
                    doubtful += End(pid, addresses, ports, busy, () => time.GetElapsedTime(asked));
            }

            if (doubtful == 0)
                return;
            await Task.Delay(AgainAfter, time, cancellation);
        }
    }

    /// <summary>Null where it does not say.</summary>
    private async Task<HashSet<IPEndPoint>?> BusyAsync(int pid, CancellationToken cancellation) =>
        await MasterLink.AskAsync(options.MasterSocket, $"@!{pid} show sess", cancellation) is { } answer ? SessionTable.TryClients(answer) : null;

    private int End(int pid, HashSet<VipAddress> vips, HashSet<int> ports, HashSet<IPEndPoint> busy, Func<TimeSpan> sinceAsked)
    {
        try
        {
            var (ended, doubtful) = ClientSockets.EndIdle(pid, vips, ports, busy, options.FirstRequestMax, sinceAsked);
            if (ended > 0)
                LogEnded(ended, pid);
            return doubtful;
        }
        catch (IOException e)
        {
            // Then they end with their next response, or when their clients end them, or at the drain's end: as with any data plane that cannot.
            if (_said != e.Message)
                LogForbidden(e.Message);
            _said = e.Message;
            return 0;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Ended {Count} idle connections of drained VIPs in process {Pid}.")]
    private partial void LogEnded(int count, int pid);

    [LoggerMessage(LogLevel.Warning, "Idle connections of drained VIPs are left to their clients. {Why}")]
    private partial void LogForbidden(string why);
}
