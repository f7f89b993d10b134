using System.Collections.Immutable;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Shell;

namespace Fleet.Node.Gslb.Keys;

/// <summary>
/// Follows a folder of keys, and time, which turns keys on and off. A change is taken when the folder has stayed the same for one look, so that
/// half-copied files are not read. A folder with a broken file is not taken at all while there are good keys from before.
/// </summary>
internal sealed partial class KeyWatcher(KeyFolder folder, TimeProvider time, ulong salt, Action<KeyRing> publish, ILogger<KeyWatcher> logger)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private ImmutableArray<ZoneKey> _keys;
    private KeyRing? _ring;
    private string? _seen;
    private string? _taken;
    private string? _told;

    /// <summary>Looks until told to stop. The caller takes the first look, before anything is answered.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The only way out.
        }
    }

    /// <summary>Reads the folder where it has changed, and publishes the keys as they are now.</summary>
    public void Look()
    {
        var print = folder.Fingerprint();
        var isSettled = _seen is null || print == _seen;
        _seen = print;
        if (isSettled && print != _taken)
        {
            _taken = print;
            Take(folder.Read());
        }

        var now = time.GetUtcNow().ToUnixTimeSeconds();
        _ring = _ring?.Renew(_keys, now) ?? KeyRing.Create(_keys, now, salt);
        publish(_ring);
        Tell(now);
    }

    private void Take(KeyFolderContent content)
    {
        foreach (var warning in content.Warnings)
            LogWarning(warning);
        foreach (var complaint in content.Complaints)
            LogBroken(folder.Path, complaint);
        if (content.Complaints.IsEmpty || _keys.IsDefaultOrEmpty)
            _keys = content.Keys;
        else
            LogKept(folder.Path);
    }

    private void Tell(long now)
    {
        var told = _keys.IsEmpty ? "no keys: nothing is signed" : string.Join(", ", _keys.Select(key =>
            $"{key.Zone} {(key.Key.IsKeySigning ? "KSK" : "ZSK")} {key.Key.Tag} {key.Times.StateAt(now).ToString().ToLowerInvariant()}"));
        if (told != _told)
            LogKeys(folder.Path, told);
        _told = told;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "DNSSEC keys in {Folder}: {Keys}")]
    private partial void LogKeys(string folder, string keys);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DNSSEC keys in {Folder}: {Complaint}")]
    private partial void LogBroken(string folder, string complaint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The DNSSEC keys read earlier from {Folder} stay in use until every file there can be read")]
    private partial void LogKept(string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DNSSEC key {Warning}")]
    private partial void LogWarning(string warning);
}
