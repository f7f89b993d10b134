using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Fleet.Shared.Shell;

/// <summary>Reading a channel to its end.</summary>
public static class ChannelReading
{
    /// <summary>
    /// Like <see cref="ChannelReader{T}.ReadAllAsync"/>, which leaves its caller's scheduler for the thread pool. This one stays, so that the
    /// caller's scheduler decides what runs when.
    /// </summary>
    public static async IAsyncEnumerable<T> EachAsync<T>(
        this ChannelReader<T> reader, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await reader.WaitToReadAsync(cancellation))
        {
            while (reader.TryRead(out var item))
                yield return item;
        }
    }
}
