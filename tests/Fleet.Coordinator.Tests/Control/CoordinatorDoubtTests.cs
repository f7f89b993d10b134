using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>
/// What the loop does while it does not know, and after something threw: seen in what nodes say, as <see cref="CoordinatorLoopTests"/> sees it in
/// commands.
/// </summary>
public sealed class CoordinatorDoubtTests : IAsyncDisposable
{
    private static readonly NodeName One = new("adc-1");
    private readonly LoopStage _stage = new(snapshotEvery: 1000);

    private MoodyStore Store => _stage.Store;

    private Mailbox Mailbox => _stage.Mailbox;

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Entry_that_was_never_written_is_in_doubt_no_longer()
    {
        await _stage.BeginAsync();
        Store.Mood = Mood.Fails;
        (await Mailbox.AskAsync(new Command.ApplyService(Build.Service("a", Build.Vip(1))), Build.By, null,
            CancellationToken.None)).Decision.ShouldBeOfType<Decision.Refused>();
        (await Mailbox.LookAsync(leader => leader.InDoubt, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_appended_while_it_is_not_known_what_it_would_follow()
    {
        await _stage.BeginAsync();
        (Store.Mood, Store.ReadsFail) = (Mood.Fails, true);
        _ = Mailbox.AskAsync(new Command.ApplyService(Build.Service("a", Build.Vip(1))), Build.By, null, CancellationToken.None);
        await _stage.TickUntilAsync(leader => leader.InDoubt is not null);
        Store.Mood = Mood.Good;
        Mailbox.Post(Hello("adc-1"));
        await _stage.TickUntilAsync(leader => leader.Observed.Node(One).Connection is not null);
        await _stage.TickAsync(TimeSpan.FromMilliseconds(200));
        Store.Entries.Count.ShouldBe(1, "the beginning of the term");
        Store.ReadsFail = false;
        await _stage.TickUntilAsync(leader => leader.State.Map.Nodes.ContainsKey(One));
    }

    [Fact]
    public async Task Words_of_a_node_that_throw_half_way_leave_nothing_behind()
    {
        await _stage.BeginAsync();
        Mailbox.Post(Hello("adc-1"));
        await _stage.TickUntilAsync(leader => leader.Observed.Node(One).Connection is not null);
        var good = new NodeMessage.Heartbeat(
            1,
            MapVersion.None,
            [],
            ImmutableSortedDictionary<VipAddress, int>.Empty.Add(Build.Vip(1), 1),
            ImmutableSortedDictionary<BackendKey, Verdict>.Empty);
        Mailbox.Post(new LeaderInput.Said(1, Build.By, good));
        Mailbox.Post(new LeaderInput.Said(1, Build.By, good with { Busy = null!, Problems = ["half of this is noted before it throws"] }));
        await _stage.TickAsync(TimeSpan.FromMilliseconds(50));
        (await Mailbox.LookAsync(leader => (leader.Observed.Node(One).Busy?.Count, leader.Observed.Node(One).Problems.Length),
            CancellationToken.None)).ShouldBe((1, 0));
        _stage.Running.IsCompleted.ShouldBeFalse();
    }

    /// <summary>
    /// The journal holds what no rule makes: VIP 1 is handed over by adc-1 to adc-2 while adc-1 may hold it from before. What two nodes say would
    /// move it.
    /// </summary>
    [Fact]
    public async Task Leader_that_finds_itself_about_to_make_two_owners_ends()
    {
        var web = Build.Service("web", Build.Vip(1));
        Store.Entries.Add(new JournalEntry(1, 1, DateTimeOffset.UnixEpoch, Build.By, [
            new FleetEvent.NodeJoined(Build.Facts("adc-1")),
            new FleetEvent.NodeJoined(Build.Facts("adc-2")),
            new FleetEvent.ServiceApplied(web),
            Move("adc-1")]));
        Store.Entries.Add(new JournalEntry(2, 1, DateTimeOffset.UnixEpoch, Build.By, [
            new FleetEvent.ServiceRemoved(web.Name),
            new FleetEvent.ServiceApplied(web),
            Move("adc-1"),
            new FleetEvent.HandoversBegun([new VipMove(Build.Vip(1), new NodeName("adc-2"), MoveReason.Balance)]),
            new FleetEvent.VipsReleasing([Build.Vip(1)])]));
        await _stage.BeginAsync();
        Mailbox.Post(Hello("adc-2"));
        Mailbox.Post(Hello("adc-1"));
        await _stage.TickAsync(until: _stage.Running, Beat("adc-2", MapVersion.None), Beat("adc-1", new MapVersion(1, 9)));
        _stage.Running.IsFaulted.ShouldBeTrue();
        _stage.Running.Exception.ShouldNotBeNull().InnerException.ShouldBeOfType<InvariantBrokenException>();
    }

    private static FleetEvent.VipsMoved Move(string to) => new([new VipMove(Build.Vip(1), new NodeName(to), MoveReason.Placed)]);

    private static LeaderInput.Said Hello(string node) =>
        Said(node, new NodeMessage.Hello(Wire.Schema, Build.Facts(node), Build.First, MapVersion.None));

    private static LeaderInput.Said Beat(string node, MapVersion applied) => Said(node, new NodeMessage.Heartbeat(
        1, applied, [], ImmutableSortedDictionary<VipAddress, int>.Empty, ImmutableSortedDictionary<BackendKey, Verdict>.Empty));

    private static LeaderInput.Said Said(string node, NodeMessage message) =>
        new(long.Parse(node[^1..], System.Globalization.CultureInfo.InvariantCulture), Build.By, message);
}
