using System.Diagnostics;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>What carries out the agent's effects.</summary>
/// <param name="Sieve">Knows which parts of the map are left out.</param>
/// <param name="Publish">
/// Answers DNS from this map from now on. The second argument is how it differs from the one before, where that is known.
/// </param>
/// <param name="Check">Probe exactly these backends.</param>
internal sealed record EffectHandlers(
    LeaderLink Link,
    WitnessSocket Witnesses,
    PlaneRunner Plane,
    MapFile Maps,
    MapSieve Sieve,
    Action<FleetMap, MapDelta?> Publish,
    Action<NodeEffect.CheckBackends> Check);

/// <summary>The one loop of the agent: takes one input after the other to the reactor and does what it returns, with no choices left.</summary>
internal sealed partial class AgentLoop(Reactor reactor, NodeMailbox mailbox, EffectHandlers handlers, MonotonicClock clock, ILogger<AgentLoop> log)
{
    /// <summary>What failed and has not succeeded since, by kind of effect.</summary>
    private readonly SortedDictionary<string, string> _failures = new(StringComparer.Ordinal);
    private string? _stoppedFor;

    /// <summary>Runs until the reactor stops it; returns why.</summary>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        // Without a map there is nothing to answer from: SERVFAIL sends resolvers to a node that knows more.
        if (reactor.Map.Version > MapVersion.None)
            Do(new NodeEffect.PublishAnswers(reactor.Map, null));
        var tick = new NodeInput.Tick();
        using var timer = new DueTimer(clock, () => mailbox.Post(tick));
        timer.Set(reactor.Due(clock.Now));
        try
        {
            await foreach (var input in mailbox.Reader.EachAsync(cancellation))
            {
                foreach (var effect in Step(input))
                    Do(effect);
                timer.Set(reactor.Due(clock.Now));
                if (_stoppedFor is not null)
                    break;
            }
        }
        finally
        {
            mailbox.Close();
        }

        await handlers.Plane.FinishAsync();
        return _stoppedFor ?? throw new UnreachableException("The mailbox was closed by somebody else.");
    }

    /// <summary>
    /// An effect that fails is reported and left: the next map, or the next order, asks for it again. Only a broken invariant ends the agent.
    /// </summary>
    private void Do(NodeEffect effect)
    {
        try
        {
            Carry(effect);
            _failures.Remove(effect.GetType().Name);
        }
        catch (Exception e) when (e is not InvariantBrokenException)
        {
            Note(effect.GetType().Name, e);
        }
    }

    /// <summary>
    /// An input that the reactor cannot take is left out. If it can take none, nothing renews the lease any more, and others take over.
    /// </summary>
    private IReadOnlyList<NodeEffect> Step(NodeInput input)
    {
        try
        {
            var effects = reactor.Step(input, clock.Now);
            _failures.Remove(input.GetType().Name);
            return effects;
        }
        catch (Exception e) when (e is not InvariantBrokenException)
        {
            Note(input.GetType().Name, e);
            return [];
        }
    }

    /// <summary>The leader is told until it succeeds again; the log has it once.</summary>
    private void Note(string what, Exception failure)
    {
        var text = $"{what}, which failed: {failure.Message}";
        if (_failures.GetValueOrDefault(what) != text)
            LogFailed(failure, what, failure.Message);
        _failures[what] = text;
    }

    private void Carry(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.SendToLeader send:
                handlers.Link.Send(
                    send.Message is NodeMessage.Heartbeat beat
                        ? handlers.Sieve.Report.With([.. beat.Problems ?? [], .. _failures.Values]).On(beat)
                        : send.Message);
                break;
            case NodeEffect.SendPeer send:
                handlers.Witnesses.Send(reactor.Map, send.To, send.Datagram);
                break;
            case NodeEffect.CloseLink close:
                LogLeaving(close.Reason);
                handlers.Link.Drop();
                break;
            case NodeEffect.ApplyServices or NodeEffect.ApplyBackends or NodeEffect.DrainVips or NodeEffect.HoldVips or NodeEffect.ReadPlane:
                handlers.Plane.Post(effect);
                break;
            case NodeEffect.PublishAnswers publish:
                handlers.Publish(publish.Map, publish.Change);
                break;
            case NodeEffect.SaveMap save:
                handlers.Maps.Save(save.Map);
                break;
            case NodeEffect.CheckBackends check:
                handlers.Check(check);
                break;
            case NodeEffect.Stop stop:
                LogStopping(stop.Reason);
                _stoppedFor ??= stop.Reason;
                break;
            default:
                throw new UnreachableException($"No hand for {effect.GetType().Name}.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Effect} failed, the agent goes on without it: {Reason}")]
    private partial void LogFailed(Exception exception, string effect, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Leaving this coordinator: {Reason}")]
    private partial void LogLeaving(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Reason}")]
    private partial void LogStopping(string reason);
}
