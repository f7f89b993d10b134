using System.Threading.Channels;
using Fleet.Node.Core;

namespace Fleet.Node.Control;

/// <summary>
/// The reactor's one mailbox. When a flood has filled it, for example of datagrams from strangers, inputs that come again are dropped, and inputs
/// that come once wait.
/// </summary>
internal sealed class NodeMailbox
{
    private readonly Channel<NodeInput> _channel = Channel.CreateBounded<NodeInput>(new BoundedChannelOptions(10_000) { SingleReader = true });

    public ChannelReader<NodeInput> Reader => _channel.Reader;

    /// <summary>For inputs that must not be lost, from senders that can wait. An input that nobody will read any more is dropped.</summary>
    public async ValueTask PostAsync(NodeInput input, CancellationToken cancellation)
    {
        try
        {
            await _channel.Writer.WriteAsync(input, cancellation);
        }
        catch (ChannelClosedException)
        {
            // The loop has ended.
        }
    }

    /// <summary>For inputs that come again: dropped when the box is full.</summary>
    public void Post(NodeInput input) => _channel.Writer.TryWrite(input);

    /// <summary>For inputs that come once, from senders that cannot wait: a full box takes them later, in their order.</summary>
    public void Tell(NodeInput input)
    {
        if (!_channel.Writer.TryWrite(input))
            _ = PostAsync(input, CancellationToken.None).AsTask();
    }

    /// <summary>Nobody reads the mailbox any more, so nobody waits to write to it either.</summary>
    public void Close() => _channel.Writer.TryComplete();
}
