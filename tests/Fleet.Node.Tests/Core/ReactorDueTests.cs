using System.Globalization;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>
/// An agent sleeps until something is due. What it does then must be what it would have done had it looked at the clock all the time.
/// </summary>
public sealed class ReactorDueTests
{
    /// <summary>It ends between two heartbeats and probes, which are 50 ms apart.</summary>
    private static readonly LeaseTerms Lease = new(100, 430, 50);
    private static readonly FleetMap Formed = Build.Map(
        [Build.Node("adc-1", witnesses: ["adc-2", "adc-3", "adc-4"]), Build.Node("adc-2"), Build.Node("adc-3"), Build.Node("adc-4")],
        [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]);
    private static readonly FleetMap Map = Formed with { Policy = Formed.Policy with { Lease = Lease } };

    /// <summary>
    /// The leader and the witnesses answer for two seconds; then nobody does, the lease ends, the leader is left, and after a while an operator stops
    /// the agent.
    /// </summary>
    [Fact]
    public void Woken_only_when_something_is_due_it_does_what_it_does_when_it_is_woken_every_millisecond()
    {
        var asleep = Played(wakesAlways: false);
        var awake = Played(wakesAlways: true);
        asleep.Zip(awake).FirstOrDefault(both => both.First != both.Second).ShouldBe(default);
        asleep.Count.ShouldBe(awake.Count);
        asleep.Count(line => line.Contains("HoldVips", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
        asleep.ShouldContain(line => line.EndsWith("CloseLink", StringComparison.Ordinal));
        asleep[^1].ShouldEndWith("Stop");
    }

    [Fact]
    public void At_rest_it_is_woken_for_a_heartbeat_and_a_round_of_probes_a_period()
    {
        var wakes = 0;
        var last = 0;
        Played(wakesAlways: false, ms => (wakes, last) = (wakes + 1, ms));
        wakes.ShouldBeLessThan(last / 100 * 3);
    }

    /// <summary>What it did until it stopped, by the millisecond.</summary>
    private static List<string> Played(bool wakesAlways, Action<int>? woken = null)
    {
        var reactor = new Reactor(Build.Facts("adc-1"), Build.First, RelayPlane.Can, [], FleetMap.Empty, Build.At(0));
        var done = new List<string>();
        var due = Instant.Never;
        Do(0, new NodeInput.LinkOpened());
        Do(0, new NodeInput.FromLeader(new LeaderMessage.Welcome(1, Lease)));
        Do(0, new NodeInput.FromLeader(new LeaderMessage.Full(Map)));
        for (var ms = 1; ms <= 15_000 && !HasStopped(); ms++)
        {
            if (ms == 6_000)
                Do(ms, new NodeInput.StopAsked());
            if (!HasStopped() && (wakesAlways || due <= Build.At(ms)))
            {
                woken?.Invoke(ms);
                Do(ms, new NodeInput.Tick());
            }
        }

        return done;

        bool HasStopped() => done[^1].EndsWith("Stop", StringComparison.Ordinal);

        void Do(int ms, NodeInput input)
        {
            foreach (var effect in reactor.Step(input, Build.At(ms)))
            {
                done.Add(string.Create(CultureInfo.InvariantCulture, $"{ms} {effect.GetType().Name}"));
                Answer(ms, effect);
            }

            due = reactor.Due(Build.At(ms));
        }

        void Answer(int ms, NodeEffect effect)
        {
            if (ms >= 2_000)
                return;
            if (effect is NodeEffect.SendToLeader { Message: NodeMessage.Heartbeat beat })
                Do(ms, new NodeInput.FromLeader(new LeaderMessage.Ack(beat.Seq, Map.Version)));
            else if (effect is NodeEffect.SendPeer { Datagram.Kind: WitnessKind.Probe } probe)
                Do(ms, new NodeInput.FromPeer(Peers.Says(probe.To.Value, WitnessKind.Vouch, probe.Datagram.Seq)));
        }
    }
}
