using System.Diagnostics;
using System.Threading.Channels;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>What the agent's effects are carried out by.</summary>
/// <param name="Publish">Answer DNS from this map from now on; how it differs from the one before, where that is known.</param>
/// <param name="Check">Probe exactly these backends.</param>
public sealed record AgentHands(LeaderLink Link, WatchSocket Watch, PlaneRunner Plane, MapFile Maps, Action<FleetMap, MapDelta?> Publish, Action<NodeEffect.CheckBackends> Check);

/// <summary>The one loop of the agent: takes one input after the other to the reactor and does what it returns, with no choices left.</summary>
public sealed partial class AgentLoop(Reactor reactor, NodeMailbox mailbox, AgentHands hands, MonotonicClock clock, ILogger<AgentLoop> log)
{
    private readonly TaskCompletionSource<string> stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until the reactor stops it; returns why.</summary>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        // Without a map there is nothing to answer from: SERVFAIL sends resolvers to a node that knows more.
        if (reactor.Map.Version > MapVersion.None)
            hands.Publish(reactor.Map, null);
        await foreach (var input in mailbox.Reader.ReadAllAsync(cancellation))
        {
            foreach (var effect in reactor.Step(input, clock.Now))
                Do(effect);
            if (stopped.Task.IsCompleted)
                break;
        }

        await hands.Plane.FinishAsync();
        return await stopped.Task;
    }

    private void Do(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.SendUp send:
                hands.Link.Send(send.Message);
                break;
            case NodeEffect.SendPeer send:
                hands.Watch.Send(reactor.Map, send.To, send.Datagram);
                break;
            case NodeEffect.CloseLink close:
                LogLeaving(close.Reason);
                hands.Link.Drop();
                break;
            case NodeEffect.ApplyPlane or NodeEffect.DrainVips or NodeEffect.HoldVips or NodeEffect.ReadCounters:
                hands.Plane.Post(effect);
                break;
            case NodeEffect.PublishAnswers publish:
                hands.Publish(publish.Map, publish.Change);
                break;
            case NodeEffect.SaveMap save:
                hands.Maps.Save(save.Map);
                break;
            case NodeEffect.CheckBackends check:
                hands.Check(check);
                break;
            case NodeEffect.Stop stop:
                LogStopping(stop.Reason);
                stopped.TrySetResult(stop.Reason);
                break;
            default:
                throw new UnreachableException($"No hand for {effect.GetType().Name}.");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Leaving this coordinator: {Reason}")]
    private partial void LogLeaving(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Reason}")]
    private partial void LogStopping(string reason);
}

/// <summary>The reactor's one mailbox.</summary>
public sealed class NodeMailbox
{
    private readonly Channel<NodeInput> channel = Channel.CreateBounded<NodeInput>(new BoundedChannelOptions(10_000) { SingleReader = true });

    public ChannelReader<NodeInput> Reader => channel.Reader;

    /// <summary>For inputs that must not be lost.</summary>
    public ValueTask PostAsync(NodeInput input, CancellationToken cancellation) => channel.Writer.WriteAsync(input, cancellation);

    /// <summary>For inputs that come again: dropped when the box is full.</summary>
    public void Post(NodeInput input) => channel.Writer.TryWrite(input);
}
