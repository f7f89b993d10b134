using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// Makes HAProxy carry what is wanted: by commands where these suffice, by a reload otherwise, and after anything whose outcome is unknown. What was
/// changed by commands is written too, so that an HAProxy that is started anew carries it. One change at a time.
/// </summary>
internal sealed partial class HaproxyLoader(
    HaproxyOptions options, HaproxyProcess process, HaproxyFiles files, TimeProvider time, ILogger<HaproxyLoader> log)
{
    private readonly Turns _turn = new();
    private HaproxyLayout? _loaded;
    private string? _word;
    private string? _stored;
    private volatile HaproxyLayout _layout = HaproxyLayout.Empty;

    /// <summary>How often the configuration was loaded anew.</summary>
    public int Reloads { get; private set; }

    /// <summary>What was carried last, as far as is known.</summary>
    public HaproxyLayout Layout => _layout;

    public ImmutableSortedSet<VipAddress> Draining { get; private set; } = [];

    /// <summary>The process that takes new connections; null before there was one.</summary>
    public int? Pid { get; private set; }

    /// <summary>Finds the HAProxy that an earlier agent has left, or starts it with the configuration that is there, or with an empty one.</summary>
    /// <exception cref="IOException">There is none, and it cannot be started.</exception>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        Directory.CreateDirectory(options.Folder);
        var onDisk = files.Read();
        var since = time.GetTimestamp();
        string? carried;
        while ((carried = await process.CarriedAsync(cancellation)) is null && process.Lives && time.GetElapsedTime(since) < options.SilenceMax)
            await Task.Delay(options.ProbeEvery, time, cancellation);
        if (carried is not null)
        {
            // What an earlier agent did half is unknown: the first apply loads everything anew.
            if (onDisk is { } found && found.Word == carried)
            {
                Know(found.Layout, carried);
                _stored = carried;
            }

            Pid = (await process.LookAsync(cancellation))?.Worker;
            LogAdopted(carried);
            return;
        }

        await StartAsync(cancellation);
    }

    /// <summary>Kills what is left of HAProxy and starts it with what it carried last.</summary>
    /// <param name="isNeeded">Asked when it is this one's turn: meanwhile somebody else may have started it.</param>
    public async Task RestartAsync(Func<Task<bool>> isNeeded, CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        if (await isNeeded())
            await StartAsync(cancellation);
    }

    public async Task EndAsync(CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        Forget();
        await process.KillAsync(cancellation);
    }

    public async Task<PlanGeneration> ApplyAsync(NodePlan plan, BackendStates states, CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        return await ChangeAsync(LayoutMaker.Next(_loaded, plan, states, options.Rendering), cancellation);
    }

    /// <summary>States that were made for another plan than the carried one are not taken.</summary>
    public async Task<PlanGeneration> ApplyAsync(BackendStates states, CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        if (_loaded is { } loaded && loaded.Plan == states.Plan)
            return await ChangeAsync(LayoutMaker.WithStates(loaded, states), cancellation);
        return CarriedWord.Generation(await process.CarriedAsync(cancellation));
    }

    public async Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        Draining = vips;
        if (_loaded is { } loaded)
            await ChangeAsync(loaded, cancellation);
        else if (!vips.IsEmpty)
            throw new IOException("Nobody knows what HAProxy has loaded; it drains after the next apply.");
    }

    private async Task<PlanGeneration> ChangeAsync(HaproxyLayout next, CancellationToken cancellation)
    {
        var wanted = next with { Draining = Draining };
        var texts = HaproxyConfig.Render(wanted, options.Rendering);
        var word = CarriedWord.In(texts);
        var before = _loaded;
        var change = PlaneChange.Between(await IsKnownAsync(cancellation) ? before : null, wanted);
        if (change is PlaneChange.AtRuntime atRuntime && await TellAsync(atRuntime, word, cancellation) is { } refused)
        {
            LogRefused(refused);
            change = new PlaneChange.ByReload("a command was refused");
        }

        if (change is PlaneChange.ByReload reload)
        {
            Forget();
            await LoadAsync(wanted, texts, word, reload.Why, cancellation);
        }

        Know(wanted, word);
        if (_stored != word)
            files.Activate(files.Write(wanted, texts));
        _stored = word;
        return wanted.Generation;
    }

    /// <summary>HAProxy carries what it was told last: it has not been started anew, or told something by anybody else.</summary>
    /// <exception cref="IOException">It is there, and does not answer: an HAProxy that is merely slow must not lose its connections.</exception>
    private async Task<bool> IsKnownAsync(CancellationToken cancellation)
    {
        var carried = await process.CarriedAsync(cancellation);
        if (carried is null && process.Lives)
            throw new IOException("HAProxy does not answer");
        return _loaded is not null && carried == _word;
    }

    private async Task<string?> TellAsync(PlaneChange.AtRuntime change, string word, CancellationToken cancellation)
    {
        Forget();
        using var link = await RuntimeLink.OpenAsync(options.Rendering.SocketPath, cancellation);
        // The word comes when all else is done: who finds it finds all of it.
        return await link.TellAsync(change.Commands, cancellation)
            ?? await link.TellAsync([$"set map {HaproxyConfig.CarriedMap} {HaproxyConfig.CarriedKey} {word}"], cancellation);
    }

    private async Task LoadAsync(
        HaproxyLayout layout, ImmutableSortedDictionary<string, string> texts, string word, string why, CancellationToken cancellation)
    {
        var good = files.Current;
        var version = files.Write(layout, texts);
        if (await process.MistakesAsync(version, cancellation) is { } mistakes)
            throw new IOException($"HAProxy refuses the configuration {HaproxyFiles.ConfigOf(version)}: {mistakes}. {GoesOn(good)}");
        files.Activate(version);
        _stored = word;
        try
        {
            if (await process.LookAsync(cancellation) is { Worker: not null } processes)
                Pid = (await process.ReloadAsync(processes, word, cancellation)).Worker;
            else if (process.Lives)
                throw new IOException("HAProxy's master does not answer");
            else
                await StartAnewAsync(word, cancellation);
        }
        catch (IOException e) when (good is not null)
        {
            files.Activate(good);
            _stored = null;
            throw new IOException($"{e.Message}. {GoesOn(good)}", e);
        }

        Reloads++;
        LogLoaded(word, why);
    }

    private static string GoesOn(string? good) => good is null ? "Nothing is served." : $"{HaproxyFiles.ConfigOf(good)} is kept.";

    /// <summary>
    /// What it carried last is started without a look at it, which would take as long as the start: it has been loaded before. If that fails, the
    /// look tells whether it is to blame.
    /// </summary>
    private async Task StartAsync(CancellationToken cancellation)
    {
        Forget();
        if (files.Read() is { } found && await TryStartAsync(found.Word, cancellation))
        {
            Know(found.Layout, found.Word);
            _stored = found.Word;
        }
        else
        {
            var texts = HaproxyConfig.Render(HaproxyLayout.Empty, options.Rendering);
            files.Activate(files.Write(HaproxyLayout.Empty, texts));
            await StartAnewAsync(CarriedWord.In(texts), cancellation);
        }
    }

    /// <returns>False where HAProxy refuses the configuration itself.</returns>
    /// <exception cref="IOException">It cannot be started for another reason.</exception>
    private async Task<bool> TryStartAsync(string word, CancellationToken cancellation)
    {
        try
        {
            await StartAnewAsync(word, cancellation);
            return true;
        }
        catch (IOException e)
        {
            if (await process.MistakesAsync(files.Current!, cancellation) is not { } mistakes)
                throw;
            LogForgotten(files.Current!, e.Message, mistakes);
            return false;
        }
    }

    private async Task StartAnewAsync(string word, CancellationToken cancellation)
    {
        await process.KillAsync(cancellation);
        var since = time.GetTimestamp();
        Pid = (await process.StartAsync(word, cancellation)).Worker;
        LogStarted(word, (long)time.GetElapsedTime(since).TotalMilliseconds);
    }

    private void Know(HaproxyLayout layout, string word) => (_loaded, _word, _layout) = (layout, word, layout);

    private void Forget() => (_loaded, _word) = (null, null);

    [LoggerMessage(LogLevel.Information, "Adopted the HAProxy that carries {Word}.")]
    private partial void LogAdopted(string word);

    [LoggerMessage(LogLevel.Information, "HAProxy was started and carries {Word}, after {Milliseconds} ms.")]
    private partial void LogStarted(string word, long milliseconds);

    [LoggerMessage(LogLevel.Error, "HAProxy begins with nothing, because it refuses {Version}, which is lost: {Why} ({Mistakes})")]
    private partial void LogForgotten(string version, string why, string mistakes);

    [LoggerMessage(LogLevel.Information, "HAProxy has loaded {Word}, because {Why}.")]
    private partial void LogLoaded(string word, string why);

    [LoggerMessage(LogLevel.Warning, "HAProxy did not take a change while it ran, and is loaded anew: {Why}")]
    private partial void LogRefused(string why);
}
