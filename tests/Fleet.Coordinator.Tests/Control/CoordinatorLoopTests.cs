using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Control;

public sealed class CoordinatorLoopTests : IAsyncLifetime
{
    private readonly LoopStage _stage = new(snapshotEvery: 3);

    private MoodyStore Store => _stage.Store;

    private Mailbox Mailbox => _stage.Mailbox;

    public Task InitializeAsync() => _stage.BeginAsync();

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Store_that_does_not_answer_refuses_the_change_and_the_next_one_goes_through()
    {
        Store.Mood = Mood.Fails;
        (await _stage.ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        Store.Mood = Mood.Good;
        (await _stage.ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
        (await ServicesAsync()).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Change_that_was_written_though_the_store_did_not_say_so_is_done()
    {
        Store.Mood = Mood.WritesAndFails;
        (await _stage.ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Accepted>();
        (await ServicesAsync()).ShouldBe(["a"]);
        Store.Mood = Mood.Good;
        (await _stage.ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
        (await ServicesAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Nobody_is_told_anything_and_nothing_is_appended_until_the_outcome_is_known()
    {
        (Store.Mood, Store.ReadsFail) = (Mood.WritesAndFails, true);
        var first = _stage.ApplyAsync("a", 1);
        await _stage.TickAsync(TimeSpan.FromMilliseconds(300));
        Store.Mood = Mood.Good;
        var second = _stage.ApplyAsync("b", 2);
        await _stage.TickAsync(TimeSpan.FromMilliseconds(300));
        (first.IsCompleted, second.IsCompleted, Store.Appended).ShouldBe((false, false, 2), "the term and one service");
        (await Mailbox.LookAsync(leader => leader.InDoubt?.Revision, CancellationToken.None)).ShouldBe(2);
        Store.ReadsFail = false;
        await _stage.TickAsync(until: second);
        (await first).Decision.ShouldBeOfType<Decision.Accepted>();
        var (decision, version) = await second;
        decision.ShouldBeOfType<Decision.Accepted>();
        version.Revision.ShouldBe(3);
        (await ServicesAsync()).ShouldBe(["a", "b"]);
        (await Mailbox.LookAsync(leader => leader.InDoubt, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Outcome_that_stays_unknown_is_said_to_be_unknown_and_what_came_later_changed_nothing()
    {
        (Store.Mood, Store.ReadsFail) = (Mood.WritesAndFails, true);
        var first = _stage.ApplyAsync("a", 1);
        var second = _stage.ApplyAsync("b", 2);
        await _stage.TickAsync(until: Task.WhenAll(first, second));
        (await first).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.OutcomeUnknown);
        (await second).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        (await _stage.ApplyAsync("c", 3)).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        Store.Appended.ShouldBe(2);
        (Store.Mood, Store.ReadsFail) = (Mood.Good, false);
        await _stage.TickAsync(TimeSpan.FromMilliseconds(1500));
        (await ServicesAsync()).ShouldBe(["a"], "it was in the journal all the time");
        (await _stage.ApplyAsync("d", 4)).Version.Revision.ShouldBe(3);
    }

    [Fact]
    public async Task Write_that_surely_never_happened_is_refused_without_looking()
    {
        (Store.Mood, Store.ReadsFail) = (Mood.Refuses, true);
        (await _stage.ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Refused>().Kind.ShouldBe(RefusalKind.Unavailable);
        Store.Mood = Mood.Good;
        (await _stage.ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
    }

    [Fact]
    public async Task Entry_of_another_coordinator_in_the_place_of_ours_ends_this_one()
    {
        (Store.Mood, Store.ReadsFail) = (Mood.Fails, true);
        _ = _stage.ApplyAsync("a", 1);
        await _stage.TickAsync(TimeSpan.FromMilliseconds(100));
        await Store.UsurpAsync();
        Store.ReadsFail = false;
        for (var i = 0; i < 200 && !_stage.Running.IsCompleted; i++)
            await _stage.TickAsync(TimeSpan.FromMilliseconds(10));
        await EndsAsync<FencedException>();
    }

    [Fact]
    public async Task Snapshot_that_fails_stops_nothing()
    {
        Store.SnapshotsFail = true;
        for (var i = 1; i <= 8; i++)
            (await _stage.ApplyAsync($"s{i}", i)).Decision.ShouldBeOfType<Decision.Accepted>();
        _stage.Running.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Coordinator_of_a_term_that_is_over_stops()
    {
        Store.Mood = Mood.Fenced;
        _ = _stage.ApplyAsync("a", 1);
        await EndsAsync<FencedException>();
    }

    [Fact]
    public async Task Command_that_throws_is_refused_with_an_id_and_the_leader_goes_on_as_it_was()
    {
        (await _stage.ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Accepted>();
        var refused = (await Mailbox.AskAsync(new Command.ApplyService(null!), Build.By, null,
            CancellationToken.None)).Decision.ShouldBeOfType<Decision.Refused>();
        refused.Kind.ShouldBe(RefusalKind.Failed);
        refused.Id.ShouldBe("12345678");
        refused.Reason.ShouldContain("12345678");
        (await ServicesAsync()).ShouldBe(["a"]);
        (await _stage.ApplyAsync("b", 2)).Decision.ShouldBeOfType<Decision.Accepted>();
        _stage.Running.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Words_of_a_node_that_throw_change_nothing_and_the_leader_goes_on()
    {
        Mailbox.Post(new LeaderInput.Said(7, Build.By, new NodeMessage.Hello(Wire.Schema, null!, Build.First, MapVersion.None)));
        Mailbox.Post(new LeaderInput.Said(8, Build.By, new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.First, MapVersion.None)));
        Mailbox.Post(new LeaderInput.Said(8, Build.By, new NodeMessage.Heartbeat(1, MapVersion.None, default, null!, null!)));
        (await Mailbox.AskAsync(new Command.RemoveService(new ServiceName("b")), Build.By, null, CancellationToken.None)).Decision
            .ShouldBeOfType<Decision.Refused>().Kind
            .ShouldBe(RefusalKind.NotFound);
        (await Mailbox.LookAsync(leader => leader.Observed.Node(new NodeName("adc-1")).Missing.IsDefault, CancellationToken.None)).ShouldBeFalse();
        _stage.Running.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Look_that_throws_is_the_affair_of_whoever_looks()
    {
        await Should.ThrowAsync<OverflowException>(() => Mailbox.LookAsync<int>(_ => throw new OverflowException(), CancellationToken.None));
        (await ServicesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Broken_invariant_ends_it()
    {
        _ = Mailbox.LookAsync<int>(_ => throw new InvariantBrokenException("two owners"), CancellationToken.None);
        await EndsAsync<InvariantBrokenException>();
    }

    private async Task EndsAsync<T>()
        where T : Exception
    {
        await Should.ThrowAsync<T>(_stage.Running.WaitAsync(TimeSpan.FromSeconds(10)));
        Mailbox.IsLeading.ShouldBeFalse();
    }

    private Task<string[]> ServicesAsync() =>
        Mailbox.LookAsync(leader => leader.State.Map.Services.Keys.Select(s => s.Value).ToArray(), CancellationToken.None);
}
