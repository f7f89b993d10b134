using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// What happens to some keys, as one member tells it: one JSON object a line. A member that hangs tells nothing, and nobody notices here: whoever
/// must know looks from time to time by other means.
/// </summary>
internal sealed class EtcdWatch(Stream stream, Deadline end, Action failed, Action noToken) : IAsyncDisposable
{
    private readonly PipeReader _lines = PipeReader.Create(stream);

    /// <summary>The next line's events; there may be none.</summary>
    /// <exception cref="EtcdException">The watch is over: see <see cref="EtcdException.Failure"/>.</exception>
    public async Task<WatchedEvent[]> NextAsync()
    {
        try
        {
            while (true)
            {
                var read = await _lines.ReadAsync(end.Token);
                if (read.Buffer.PositionOf((byte)'\n') is { } position)
                {
                    var line = Parse(read.Buffer.Slice(0, position));
                    _lines.AdvanceTo(read.Buffer.GetPosition(1, position));
                    return EventsOf(line);
                }

                _lines.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted)
                    throw new EtcdException(EtcdFailure.Unknown, "the member has ended the watch");
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
        {
            failed();
            throw new EtcdException(EtcdFailure.Unknown, $"the watch broke: {e.Message}", e);
        }
        catch (EtcdException e)
        {
            if (e.Failure == EtcdFailure.NoToken)
                noToken();
            else if (e.Failure != EtcdFailure.Compacted)
                failed();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First what is being read ends, then the reader may go.
        end.Cancel();
        await stream.DisposeAsync();
        end.Dispose();
    }

    private static WatchLine? Parse(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, EtcdJson.Default.WatchLine);
    }

    private static WatchedEvent[] EventsOf(WatchLine? line)
    {
        if (line?.Error is { } error)
            throw EtcdErrors.Read("the member", 0, new ErrorAnswer(error.Message, error.GrpcCode));
        if (line?.Result is { Canceled: true } over)
            throw new EtcdException(
                over.CompactRevision > 0 ? EtcdFailure.Compacted : EtcdFailure.Unknown, $"the watch was cancelled: {over.CancelReason}");
        return line?.Result?.Events ?? [];
    }
}
