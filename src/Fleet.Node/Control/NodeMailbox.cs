using System.Threading.Channels;
using Fleet.Node.Core;

namespace Fleet.Node.Control;

/// <summary>The reactor's one mailbox. A part of it is kept for what comes once: no flood of what comes again, such as datagrams of strangers, takes it.</summary>
public sealed class NodeMailbox
{
    private const int WaitingMax = 10_000;

    /// <summary>With so many waiting, what comes again is dropped.</summary>
    private const int RepeatedMax = 9_000;

    private readonly Channel<NodeInput> channel = Channel.CreateBounded<NodeInput>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    public ChannelReader<NodeInput> Reader => channel.Reader;

    /// <summary>For inputs that must not be lost, from those who can wait. What nobody will read any more is dropped.</summary>
    public async ValueTask PostAsync(NodeInput input, CancellationToken cancellation)
    {
        try
        {
            await channel.Writer.WriteAsync(input, cancellation);
        }
        catch (ChannelClosedException)
        {
            // The loop has ended.
        }
    }

    /// <summary>For inputs that come again: dropped when the box is full.</summary>
    public void Post(NodeInput input)
    {
        if (channel.Reader.Count < RepeatedMax)
            channel.Writer.TryWrite(input);
    }

    /// <summary>For inputs that come once, from those who cannot wait: a full box takes them later, in their order.</summary>
    public void Tell(NodeInput input)
    {
        if (!channel.Writer.TryWrite(input))
            _ = PostAsync(input, CancellationToken.None).AsTask();
    }

    /// <summary>Nobody reads it any more: nobody waits to write either.</summary>
    public void Close() => channel.Writer.TryComplete();
}
