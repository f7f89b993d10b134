using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>
/// A whole coordinator on one scheduler and a clock that stands still: what it does is done when the call returns, and no other thread is ever
/// involved.
/// </summary>
public sealed class LeaderProgramTests : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly OneScheduler _scheduler = new();
    private readonly FakeTime _time = new();
    private readonly CancellationTokenSource _end = new();
    private readonly LookedAt _store;
    private readonly LeaderProgram _program;
    private readonly Task _running;

    public LeaderProgramTests()
    {
        _store = new LookedAt(new InMemoryFleetStore(new InMemoryFleetStore.Memory(), _time), _scheduler);
        _program = new LeaderProgram(
            _store,
            new CoordinatorIdentity(
                new CoordinatorAddress("c", null, null), 2, [new Command.ApplyService(Build.Service("a", Build.Vip(1), Build.Vip(2)))], []),
            new MonotonicClock(_time),
            _store,
            Limits.Default.Links,
            NullLoggerFactory.Instance);
        _running = _scheduler.Do(() => _program.RunAsync(_end.Token));
    }

    public void Dispose()
    {
        _program.Dispose();
        _end.Dispose();
    }

    [Fact]
    public void It_leads_at_once_and_ends_when_it_is_told_to()
    {
        _program.Mailbox.IsLeading.ShouldBeTrue();
        _scheduler.Do(() =>
        {
            _end.Cancel();
            return true;
        });
        _running.IsCanceled.ShouldBeTrue();
        _program.Mailbox.IsLeading.ShouldBeFalse();
        _scheduler.Strays.ShouldBe(0);
    }

    /// <summary>
    /// Killed right after its first write it would otherwise leave a fleet with a part of its services, and no later start would bring the rest.
    /// </summary>
    [Fact]
    public async Task What_the_configuration_asks_for_is_in_the_first_entry_of_all()
    {
        var first = await _store.ReadAsync(1, CancellationToken.None).FirstAsync();
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
                Say(
                    node,
                    new NodeMessage.Heartbeat(
                        beat,
                        Applied(node),
                        [],
                        ImmutableSortedDictionary<VipAddress, int>.Empty,
                        ImmutableSortedDictionary<BackendKey, Verdict>.Empty));
            Pass(Beat);
            foreach (var node in nodes[..2])
                TakeWitnessReply(node);
        }

        var asked = _scheduler.Do(
            () => _program.Mailbox.AskAsync(new Command.ApplyService(Build.Service("b", Build.Vip(3))), Build.By, null, _end.Token));
        Pass(Beat);
        asked.IsCompletedSuccessfully.ShouldBeTrue();
        _store.Aside.ShouldBeGreaterThan(0, "plans were made");
        _store.Snapshots.ShouldBeGreaterThan(0);
        var map = _program.Leader.ShouldNotBeNull().State.Map;
        map.Nodes[NodeName.Parse("adc-1")].Presence.ShouldBe(NodePresence.Up);
        map.Nodes[NodeName.Parse("adc-3")].Presence.ShouldBe(NodePresence.Down);
        _scheduler.Strays.ShouldBe(0);
    }

    [Fact]
    public void Hello_that_does_not_come_is_waited_for_by_the_program_s_clock()
    {
        var ended = "";
        var serving = _scheduler.Do(
            () => _program.Links.ServeAsync(new MemorySocket(), new LinkPeer("peer", Build.By, reason => ended = reason, () => { }), _end.Token));
        Pass(Limits.Default.Links.HelloWithin - TimeSpan.FromMilliseconds(1));
        serving.IsCompleted.ShouldBeFalse();
        Pass(TimeSpan.FromMilliseconds(2));
        serving.IsCompletedSuccessfully.ShouldBeTrue();
        ended.ShouldNotBeEmpty();
        _scheduler.Strays.ShouldBe(0);
    }

    [Fact]
    public void Look_that_is_called_off_ends_where_it_began()
    {
        using var off = new CancellationTokenSource();
        var looking = _scheduler.Do(() =>
        {
            var look = _program.Mailbox.LookAsync(_ => 1, off.Token);
            off.Cancel();
            return look;
        });
        looking.IsCanceled.ShouldBeTrue();
        _scheduler.Strays.ShouldBe(0);
    }

    private MemorySocket Join(string name)
    {
        var socket = new MemorySocket();
        var serving = _scheduler.Do(
            () => _program.Links.ServeAsync(socket, new LinkPeer(name, Build.By, _ => socket.Abort(), () => { }), _end.Token));
        Say(socket, new NodeMessage.Hello(Wire.Schema, Build.Facts(name), Build.First, MapVersion.None));
        Pass(TimeSpan.FromMilliseconds(10));
        socket.Sent.OfType<LeaderMessage.Welcome>()
            .ShouldHaveSingleItem($"{name}: {serving.Status}, {_running.Status}, {string.Join(", ", socket.Sent)}");
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

    private void Say(MemorySocket node, NodeMessage message) => _scheduler.Do(() =>
    {
        node.Say(message);
        return true;
    });

    private void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromMilliseconds(1))
        {
            _scheduler.Do(() =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
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

        public Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
        {
            scheduler.Look();
            return inner.CampaignAsync(candidate, cancellation);
        }

        public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => inner.LeaderAsync(cancellation);

        public Task DeposeAsync(long term, CancellationToken cancellation) => inner.DeposeAsync(term, cancellation);

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

        public IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation) =>
            inner.TailAsync(fromRevision, cancellation);

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
