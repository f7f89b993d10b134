using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>A whole coordinator on one scheduler and a clock that stands still: what it does is done when the call returns, and no other thread is ever involved.</summary>
public sealed class LeaderProgramTests : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly OneScheduler scheduler = new();
    private readonly FakeTime time = new();
    private readonly CancellationTokenSource end = new();
    private readonly LookedAt store;
    private readonly LeaderProgram program;
    private readonly Task running;

    public LeaderProgramTests()
    {
        store = new LookedAt(new InMemoryFleetStore(new InMemoryFleetStore.Memory(), time), scheduler);
        program = new LeaderProgram(
            store,
            new CoordinatorIdentity("c", "here", 2, [new Command.ApplyService(Build.Service("a", Build.Vip(1), Build.Vip(2)))], []),
            new MonotonicClock(time),
            store,
            Limits.Default.Links,
            NullLoggerFactory.Instance);
        running = scheduler.Do(() => program.RunAsync(end.Token));
    }

    public void Dispose()
    {
        program.Dispose();
        end.Dispose();
    }

    [Fact]
    public void It_leads_at_once_and_ends_when_it_is_told_to()
    {
        program.Mailbox.IsLeading.ShouldBeTrue();
        scheduler.Do(() =>
        {
            end.Cancel();
            return true;
        });
        running.IsCanceled.ShouldBeTrue();
        program.Mailbox.IsLeading.ShouldBeFalse();
        scheduler.Strays.ShouldBe(0);
    }

    /// <summary>Killed right after its first write it would otherwise leave a fleet with a part of its services, and no later start would bring the rest.</summary>
    [Fact]
    public async Task What_the_configuration_asks_for_is_in_the_first_entry_of_all()
    {
        var first = await store.ReadAsync(1, CancellationToken.None).FirstAsync();
        first.Events[0].ShouldBeOfType<FleetEvent.TermBegun>();
        first.Events.OfType<FleetEvent.ServiceApplied>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Nodes_join_plans_are_made_commands_answered_and_a_loss_is_noticed_without_leaving_the_scheduler()
    {
        MemorySocket[] nodes = [.. Enumerable.Range(1, 3).Select(i => Join($"adc-{i}"))];
        for (var beat = 1; beat <= 60; beat++)
        {
            foreach (var node in beat < 40 ? nodes : nodes[..2])
                Say(node, new NodeMessage.Heartbeat(beat, Applied(node), [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty));
            Pass(Beat);
            foreach (var node in nodes[..2])
                TakeWitnessReply(node);
        }

        var asked = scheduler.Do(() => program.Mailbox.AskAsync(new Command.ApplyService(Build.Service("b", Build.Vip(3))), "test", null, end.Token));
        Pass(Beat);
        asked.IsCompletedSuccessfully.ShouldBeTrue();
        store.Aside.ShouldBeGreaterThan(0, "plans were made");
        store.Snapshots.ShouldBeGreaterThan(0);
        var map = program.Leader.ShouldNotBeNull().State.Map;
        map.Nodes[NodeName.Of("adc-1")].Presence.ShouldBe(NodePresence.Up);
        map.Nodes[NodeName.Of("adc-3")].Presence.ShouldBe(NodePresence.Down);
        scheduler.Strays.ShouldBe(0);
    }

    [Fact]
    public void Hello_that_does_not_come_is_waited_for_by_the_program_s_clock()
    {
        var ended = "";
        var serving = scheduler.Do(() => program.Links.ServeAsync(new MemorySocket(), new LinkPeer("peer", reason => ended = reason, () => { }), end.Token));
        Pass(Limits.Default.Links.HelloWithin - TimeSpan.FromMilliseconds(1));
        serving.IsCompleted.ShouldBeFalse();
        Pass(TimeSpan.FromMilliseconds(2));
        serving.IsCompletedSuccessfully.ShouldBeTrue();
        ended.ShouldNotBeEmpty();
        scheduler.Strays.ShouldBe(0);
    }

    [Fact]
    public void Look_that_is_called_off_ends_where_it_began()
    {
        using var off = new CancellationTokenSource();
        var looking = scheduler.Do(() =>
        {
            var look = program.Mailbox.LookAsync(_ => 1, off.Token);
            off.Cancel();
            return look;
        });
        looking.IsCanceled.ShouldBeTrue();
        scheduler.Strays.ShouldBe(0);
    }

    private MemorySocket Join(string name)
    {
        var socket = new MemorySocket();
        var serving = scheduler.Do(() => program.Links.ServeAsync(socket, new LinkPeer(name, _ => socket.Abort(), () => { }), end.Token));
        Say(socket, new NodeMessage.Hello(Wire.Schema, Build.Facts(name), "first", MapVersion.None));
        Pass(TimeSpan.FromMilliseconds(10));
        socket.Sent.OfType<LeaderMessage.Welcome>().ShouldHaveSingleItem($"{name}: {serving.Status}, {running.Status}, {string.Join(", ", socket.Sent)}");
        return socket;
    }

    /// <summary>It has not vouched for anybody it is asked about.</summary>
    private void TakeWitnessReply(MemorySocket node)
    {
        foreach (var query in node.Sent.OfType<LeaderMessage.WitnessQuery>().ToArray())
            Say(node, new NodeMessage.WitnessReply(query.Id, [.. query.Nodes.Select(n => new NodeSilence(n, 10_000_000))]));
        node.Sent.RemoveAll(message => message is LeaderMessage.WitnessQuery);
    }

    private static MapVersion Applied(MemorySocket node) => node.Sent.Select(message => message switch
    {
        LeaderMessage.Full full => full.Map.Version,
        LeaderMessage.Change change => change.Delta.To,
        _ => MapVersion.None,
    }).Max();

    private void Say(MemorySocket node, NodeMessage message) => scheduler.Do(() =>
    {
        node.Say(message);
        return true;
    });

    private void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromMilliseconds(1))
        {
            scheduler.Do(() =>
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
                return true;
            });
        }
    }

    /// <summary>Store and side room, each of which looks where it is called.</summary>
    private sealed class LookedAt(IFleetStore inner, OneScheduler scheduler) : IFleetStore, IAside
    {
        public int Aside { get; private set; }

        public int Snapshots { get; private set; }

        public Task<T> RunAsync<T>(string name, Func<T> work)
        {
            scheduler.Look();
            Aside++;
            return Task.FromResult(work());
        }

        public Task<long> CampaignAsync(string candidate, CancellationToken cancellation)
        {
            scheduler.Look();
            return inner.CampaignAsync(candidate, cancellation);
        }

        public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
        {
            scheduler.Look();
            await Task.Yield();
            await inner.AppendAsync(entry, cancellation);
        }

        public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
        {
            scheduler.Look();
            await foreach (var entry in inner.ReadAsync(fromRevision, cancellation))
                yield return entry;
        }

        public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation)
        {
            scheduler.Look();
            Snapshots++;
            return inner.SaveSnapshotAsync(state, cancellation);
        }

        public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => inner.LoadSnapshotAsync(cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
