using System.Collections.Immutable;
using System.Threading.Channels;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Control;

/// <summary>
/// The last map on disk. Only the newest of several is written; it is replaced by a rename, so that a reader never sees half of one. Whatever the disk does, the agent goes on:
/// a map that cannot be written is tried again, each cause is said once, and a file that cannot be read is kept aside as <c>map.json.bad</c>.
/// </summary>
public sealed partial class MapFile(string folder, TimeProvider time, ILogger<MapFile> log)
{
    /// <summary>Ten times the map of the largest fleet: anything longer is no map, and reading it would take the node's memory.</summary>
    public const long BytesMax = 256L << 20;

    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    private readonly Channel<FleetMap> newest = Channel.CreateBounded<FleetMap>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private string? said;

    private string Path => System.IO.Path.Combine(folder, "map.json");

    /// <summary>The empty map when there is none, or none that can be read; without the services that cannot be carried, which are said.</summary>
    public FleetMap Load(MapSieve sieve)
    {
        try
        {
            if (!File.Exists(Path) && !Directory.Exists(Path))
                return FleetMap.Empty;
            var text = new FileInfo(Path).Length <= BytesMax ? File.ReadAllBytes(Path) : [];
            ImmutableArray<LeftOut> unread = [];
            if (Wire.TryDecodeMap(text, out var map) || NewerWords.TryDecodeMap(text, out map, out unread))
            {
                var sifted = sieve.Sift(map, unread);
                foreach (var problem in sieve.Report.Problems)
                    LogLeftOut(Path, problem);
                return sifted;
            }

            LogUnreadable(null, Path, "it is not a map");
        }
        catch (Exception e)
        {
            LogUnreadable(e, Path, e.Message);
        }

        KeepAside();
        return FleetMap.Empty;
    }

    public void Save(FleetMap map) => newest.Writer.TryWrite(map);

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var map in newest.Reader.ReadAllAsync(cancellation))
                await KeepAsync(map, cancellation);
        }
        catch (OperationCanceledException)
        {
            // What is on disk is a whole map, if an older one.
        }
    }

    /// <summary>Tries until this map, or a newer one, is on disk.</summary>
    private async Task KeepAsync(FleetMap map, CancellationToken cancellation)
    {
        for (var pause = PauseMin; !await TryWriteAsync(map, cancellation); pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            await Task.Delay(pause, time, cancellation);
            map = newest.Reader.TryRead(out var newer) ? newer : map;
        }
    }

    private async Task<bool> TryWriteAsync(FleetMap map, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var temporary = Path + ".new";
            try
            {
                await File.WriteAllTextAsync(temporary, Wire.Encode(map), cancellation);
                File.Move(temporary, Path, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }

            if (said is not null)
                LogWritable(Path);
            said = null;
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            if (said != e.Message)
                LogUnwritable(e, Path, e.Message);
            said = e.Message;
            return false;
        }
    }

    /// <summary>The next map would overwrite what somebody may want to look at.</summary>
    private void KeepAside()
    {
        try
        {
            if (File.Exists(Path))
                File.Move(Path, Path + ".bad", overwrite: true);
        }
        catch (Exception e)
        {
            LogUnwritable(e, Path + ".bad", e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last map in {Path} cannot be read and is kept aside as map.json.bad; DNS answers nothing until a coordinator sends one: {Reason}")]
    private partial void LogUnreadable(Exception? exception, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of the last map in {Path} this node leaves out {Problem}")]
    private partial void LogLeftOut(string path, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The map cannot be kept in {Path}; the node goes on without, and tries again: {Reason}")]
    private partial void LogUnwritable(Exception exception, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The map is kept in {Path} again")]
    private partial void LogWritable(string path);
}
