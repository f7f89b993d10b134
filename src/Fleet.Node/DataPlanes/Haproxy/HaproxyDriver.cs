using System.Collections.Immutable;
using Fleet.Node.Vips;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// HAProxy as a kind of data plane: a process that carries the traffic and outlives the agent, and a holder of VIPs that is somebody else's. One that
/// is gone is started again at once, with all that it carried; one that does not answer, when it has been silent for too long.
/// </summary>
internal sealed partial class HaproxyDriver : IPlaneDriver
{
    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(500);
    private readonly HaproxyOptions _options;
    private readonly HaproxyProcess _process;
    private readonly HaproxyLoader _loader;
    private readonly HaproxyProbe _probe;
    private readonly HaproxyPlane _plane;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private int _reloads;

    /// <param name="vips">What holds the VIPs; it is not disposed of here.</param>
    public HaproxyDriver(HaproxyOptions options, IVipHolder vips, TimeProvider time, ILoggerFactory logs)
    {
        var files = new HaproxyFiles(options.Folder);
        _options = options;
        _time = time;
        _log = logs.CreateLogger<HaproxyDriver>();
        _process = new HaproxyProcess(options, files, time);
        _loader = new HaproxyLoader(options, _process, files, time, logs.CreateLogger<HaproxyLoader>());
        _probe = new HaproxyProbe(options, time);
        _plane = new HaproxyPlane(
            _loader,
            _probe,
            new HaproxyCounters(options, _process, time),
            new IdleEnds(options, _process, time, logs.CreateLogger<IdleEnds>()));
        Vips = vips;
    }

    /// <param name="vips">What holds the VIPs; it is not disposed of here.</param>
    public static HaproxyDriver Create(NodeSettings settings, string node, IVipHolder vips, MonotonicClock clock, ILoggerFactory logs)
    {
        var folder = Directory.CreateDirectory(Path.Combine(settings.Data, "haproxy")).FullName;
        return new HaproxyDriver(HaproxyOptions.In(folder, node) with { Program = settings.Haproxy.Program }, vips, clock.Time, logs);
    }

    public IDataPlane Plane => _plane;

    public IVipHolder Vips { get; }

    /// <summary>The process that takes new connections; its master ends with it.</summary>
    public int? Pid => _loader.Pid;

    /// <summary>None: HAProxy is back sooner than a spare of it would pay for.</summary>
    public int? SparePid => null;

    /// <summary>For how long it has not answered; null while it does. It is known as long as somebody runs <see cref="RunAsync"/>.</summary>
    public TimeSpan? Silence => _probe.Silence;

    /// <summary>How often its configuration was loaded anew.</summary>
    public int Reloads => _loader.Reloads;

    /// <inheritdoc/>
    /// <remarks>Which VIPs are held, their holder says.</remarks>
    public async Task<ImmutableSortedSet<VipAddress>> ConnectAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await _loader.ConnectAsync(cancellation);
                return [];
            }
            catch (IOException e)
            {
                LogNotStarted(e.Message);
            }

            await Task.Delay(StartPause, _time, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                if (!await _probe.AskAsync(cancellation) && (_probe.IsGone || _probe.Silence > _options.SilenceMax))
                    await RestartAsync(cancellation);
                if (_reloads != _loader.Reloads)
                {
                    _reloads = _loader.Reloads;
                    _probe.Hangup();
                }

                await Task.Delay(_options.ProbeEvery, _time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent goes.
        }
    }

    /// <inheritdoc/>
    public async Task WatchAsync(Action<TimeSpan?> tell, CancellationToken cancellation)
    {
        try
        {
            var wasSilent = false;
            while (true)
            {
                var silence = Silence;
                if (wasSilent != silence is not null)
                    tell(silence);
                wasSilent = silence is not null;
                await Task.Delay(_options.ProbeEvery, _time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent goes.
        }
    }

    public Task EndAsync(CancellationToken cancellation) => _loader.EndAsync(cancellation);

    public void Dispose() => _probe.Dispose();

    private async Task RestartAsync(CancellationToken cancellation)
    {
        try
        {
            await _loader.RestartAsync(
                async () =>
                {
                    // One answer is enough to spare it: whoever was stopped himself for a while has not seen any silence.
                    var isNeeded = !await _probe.AskAsync(cancellation) && (!IsThere() || _probe.Silence > _options.SilenceMax);
                    if (isNeeded)
                        LogGivenUp(Pid ?? 0, (long)(_probe.Silence ?? TimeSpan.Zero).TotalMilliseconds);
                    return isNeeded;
                },
                cancellation);
            // Readings are good again from here on, not only from the next question on.
            await _probe.AskAsync(cancellation);
        }
        catch (IOException e)
        {
            LogNotStarted(e.Message);
            await Task.Delay(StartPause, _time, cancellation);
        }
    }

    /// <summary>What is left beside the process that took connections ends by itself, and is not waited for.</summary>
    private bool IsThere() => Pid is { } pid ? _process.IsAlive(pid) : _process.Lives;

    [LoggerMessage(LogLevel.Warning, "There is no HAProxy yet, and nothing is served until there is; trying again. {Why}")]
    private partial void LogNotStarted(string why);

    [LoggerMessage(LogLevel.Warning, "The HAProxy with process id {Pid} has not answered for {Milliseconds} ms and is started anew.")]
    private partial void LogGivenUp(int pid, long milliseconds);
}
