using System.Threading.Channels;
using Fleet.Shared.Map;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Control;

/// <summary>The last map on disk. Only the newest of several is written; it is replaced by a rename, so that a reader never sees half of one.</summary>
public sealed partial class MapFile(string folder, ILogger<MapFile> log)
{
    private readonly Channel<FleetMap> newest = Channel.CreateBounded<FleetMap>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private string Path => System.IO.Path.Combine(folder, "map.json");

    /// <summary>The empty map when there is none, or none that can be read.</summary>
    public FleetMap Load()
    {
        try
        {
            if (File.Exists(Path) && Wire.TryDecodeMap(File.ReadAllBytes(Path), out var map))
                return map;
        }
        catch (IOException e)
        {
            LogUnreadable(e, Path);
        }

        return FleetMap.Empty;
    }

    public void Save(FleetMap map) => newest.Writer.TryWrite(map);

    public async Task RunAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        try
        {
            await foreach (var map in newest.Reader.ReadAllAsync(cancellation))
                await WriteAsync(map, cancellation);
        }
        catch (OperationCanceledException)
        {
            // What is on disk is a whole map, if an older one.
        }
    }

    private async Task WriteAsync(FleetMap map, CancellationToken cancellation)
    {
        try
        {
            var temporary = Path + ".new";
            await File.WriteAllTextAsync(temporary, Wire.Encode(map), cancellation);
            File.Move(temporary, Path, overwrite: true);
        }
        catch (IOException e)
        {
            LogUnwritable(e, Path);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last map in {Path} cannot be read; DNS answers nothing until a coordinator sends one")]
    private partial void LogUnreadable(Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The map cannot be kept in {Path}; the node goes on without")]
    private partial void LogUnwritable(Exception exception, string path);
}
