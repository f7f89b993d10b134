using System.Collections.Immutable;
using System.Text;
using System.Threading.Channels;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>
/// The last map on disk. A change after a quiet second is written at once. Of those that follow, only the newest is written, once a second, because
/// each write costs the whole map. The file is replaced by a rename, so that a reader never sees half a map. Whatever the disk does, the agent goes
/// on: a map that cannot be written is tried again, each cause is logged once, and a file that cannot be read is kept aside as <c>map.json.bad</c>.
/// </summary>
internal sealed partial class MapFile(string folder, IDisk disk, TimeProvider time, ILogger<MapFile> log)
{
    /// <summary>Ten times the map of the largest fleet: anything longer is no map, and reading it would take the node's memory.</summary>
    public const long BytesMax = 256L << 20;

    private static readonly byte[] Head = Encoding.ASCII.GetBytes($"{{\"schema\":{Wire.Schema},\"map\":");
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    private readonly Channel<FleetMap> _newest = Channel.CreateBounded<FleetMap>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private string? _said;

    private string Path => System.IO.Path.Combine(folder, "map.json");

    /// <summary>
    /// The map on disk without the services that cannot be carried, which are logged. The empty map when there is none, or none that can be read.
    /// </summary>
    public FleetMap Load(MapSieve sieve)
    {
        try
        {
            var text = disk.Length(Path) <= BytesMax ? disk.ReadAll(Path) : [];
            ImmutableArray<LeftOut> unread = [];
            var body = Body(text);
            if (Wire.TryDecodeMap(body, out var map) || NewerWords.TryDecodeMap(body, out map, out unread))
            {
                var sifted = sieve.Sift(map, unread);
                foreach (var problem in sieve.Report.Problems)
                    LogLeftOut(Path, problem);
                return sifted;
            }

            LogUnreadable(null, Path, IsOther(text) ? OtherBuild.Wrote(Wire.Schema) : "it is not a map");
        }
        catch (FileNotFoundException)
        {
            return FleetMap.Empty;
        }
        catch (Exception e)
        {
            LogUnreadable(e, Path, e.Message);
        }

        KeepAside();
        return FleetMap.Empty;
    }

    public void Save(FleetMap map) => _newest.Writer.TryWrite(map);

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var map in _newest.Reader.EachAsync(cancellation))
            {
                await KeepAsync(map, cancellation);
                await Task.Delay(Pace, time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The map on disk is whole; it should be the newest, too.
            if (_newest.Reader.TryRead(out var last))
                TryWrite(last);
        }
    }

    /// <summary>The file's content for a map.</summary>
    internal static byte[] Text(FleetMap map) => [.. Head, .. Encoding.UTF8.GetBytes(Wire.Encode(map)), (byte)'}'];

    /// <summary>The map's JSON; nothing where it is not of this schema.</summary>
    private static ReadOnlySpan<byte> Body(byte[] text) =>
        text.AsSpan().StartsWith(Head) ? text.AsSpan(Head.Length, text.Length - Head.Length - 1) : [];

    /// <summary>Before there were schema numbers a map began with its version.</summary>
    private static bool IsOther(ReadOnlySpan<byte> text) => text.StartsWith("{\"version\":"u8) || text.StartsWith("{\"schema\":"u8);

    /// <summary>Tries until this map, or a newer one, is on disk.</summary>
    private async Task KeepAsync(FleetMap map, CancellationToken cancellation)
    {
        for (var pause = PauseMin; !TryWrite(map); pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            await Task.Delay(pause, time, cancellation);
            map = _newest.Reader.TryRead(out var newer) ? newer : map;
        }
    }

    private bool TryWrite(FleetMap map)
    {
        try
        {
            disk.CreateFolder(folder);
            disk.Replace(Path, Text(map));
            if (_said is not null)
                LogWritable(Path);
            _said = null;
            return true;
        }
        catch (Exception e)
        {
            if (_said != e.Message)
                LogUnwritable(e, Path, e.Message);
            _said = e.Message;
            return false;
        }
    }

    /// <summary>The next map would overwrite what somebody may want to look at.</summary>
    private void KeepAside()
    {
        try
        {
            if (disk.FileExists(Path))
                disk.Move(Path, Path + ".bad");
        }
        catch (Exception e)
        {
            LogUnwritable(e, Path + ".bad", e.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The last map in {Path} cannot be read and is kept aside as map.json.bad; DNS answers nothing until a coordinator sends one: "
            + "{Reason}")]
    private partial void LogUnreadable(Exception? exception, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of the last map in {Path} this node leaves out {Problem}")]
    private partial void LogLeftOut(string path, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The map cannot be kept in {Path}; the node goes on without, and tries again: {Reason}")]
    private partial void LogUnwritable(Exception exception, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The map is kept in {Path} again")]
    private partial void LogWritable(string path);
}
