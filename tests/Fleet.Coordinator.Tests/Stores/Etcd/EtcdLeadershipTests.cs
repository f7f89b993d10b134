using System.Diagnostics;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>When a leadership in etcd ends, when it does not, and when the next one begins.</summary>
[Collection(EtcdCollection.Name)]
public sealed class EtcdLeadershipTests(EtcdServers servers) : IDisposable
{
    private static readonly CoordinatorAddress First = new("c1", null, null);
    private static readonly CoordinatorAddress Second = new("c2", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(1));

    private CancellationToken Bound => _bound.Token;

    [EtcdFact]
    public async Task Leader_that_lives_outlives_its_lease_many_times()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}", Lease = TimeSpan.FromSeconds(2) };
        await using var store = EtcdServers.Open(settings);
        var leadership = await store.CampaignAsync(First, Bound);
        await Task.Delay(7000, Bound);
        leadership.Ended.IsCancellationRequested.ShouldBeFalse();
        await store.AppendAsync(Samples.Entry(1, leadership.Term), Bound);
    }

    /// <summary>As SIGSTOP does it: neither the question nor the lease's renewal goes out.</summary>
    [EtcdFact]
    public async Task Leader_that_is_cut_off_for_longer_than_its_lease_ends_when_it_comes_back_and_another_has_led_since()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1 }, Bound);
        var settings = stage.Settings with { Lease = TimeSpan.FromSeconds(1) };
        var first = stage.Open(settings);
        var old = await first.CampaignAsync(First, Bound);
        await using var second = EtcdServers.Open(settings with { Endpoints = [.. stage.Cluster.Endpoints] });
        var waiting = second.CampaignAsync(Second, Bound);
        stage.Wires[0].ToTarget.Cut();
        var current = await waiting;
        old.IsValid.ShouldBeFalse("two would acknowledge at one time");
        await second.AppendAsync(Samples.Entry(1, current.Term), Bound);
        stage.Wires[0].ToTarget.Heal();
        await old.BecomeValidAsync(Bound);
        old.Ended.IsCancellationRequested.ShouldBeTrue();
        (await Should.ThrowAsync<FencedException>(() => first.AppendAsync(Samples.Entry(2, old.Term), Bound))).Current.ShouldBe(current.Term);
    }

    [EtcdFact]
    public async Task Whoever_comes_after_a_leader_that_was_deposed_waits_a_whole_validity_and_after_one_that_resigned_it_does_not()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };
        var timing = new LeadershipTiming(TimeSpan.FromSeconds(3));
        var first = EtcdServers.Open(settings, timing);
        await using var standby = EtcdServers.Open(settings, timing);
        var old = await first.CampaignAsync(First, Bound);
        var waiting = standby.CampaignAsync(Second, Bound);
        var watch = Stopwatch.StartNew();
        await standby.DeposeAsync(old.Term, Bound);
        var won = await waiting;
        watch.Elapsed.ShouldBeGreaterThan(timing.Validity - TimeSpan.FromMilliseconds(1));
        await first.DisposeAsync();

        await using var third = EtcdServers.Open(settings, timing);
        waiting = third.CampaignAsync(First, Bound);
        await Task.Delay(100, Bound);
        watch.Restart();
        await standby.DisposeAsync();
        (await waiting).Term.ShouldBe(won.Term + 1);
        watch.Elapsed.ShouldBeLessThan(timing.Validity, "it was told that nothing is acknowledged any more");
    }

    /// <summary>As the loop does when it hands over: it ends its leadership before it is through with its store.</summary>
    [EtcdFact]
    public async Task Leader_that_has_ended_its_leadership_itself_gives_it_back_and_nobody_waits()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };
        var timing = new LeadershipTiming(TimeSpan.FromSeconds(30));
        var first = EtcdServers.Open(settings, timing);
        await using var second = EtcdServers.Open(settings, timing);
        var old = await first.CampaignAsync(First, Bound);
        var waiting = second.CampaignAsync(Second, Bound);
        old.End();
        await first.DisposeAsync();
        (await waiting.WaitAsync(timing.Validity / 2)).Term.ShouldBe(old.Term + 1);
    }

    /// <summary>The deposed one may still acknowledge: the third would, at the same time.</summary>
    [EtcdFact]
    public async Task Whoever_goes_while_it_waits_after_a_deposition_has_given_nothing_back_and_the_third_waits_too()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };
        var timing = new LeadershipTiming(TimeSpan.FromSeconds(3));
        await using var first = EtcdServers.Open(settings, timing);
        await using var third = EtcdServers.Open(settings, timing);
        var old = await first.CampaignAsync(First, Bound);
        var second = EtcdServers.Open(settings, timing);
        var waiting = second.CampaignAsync(Second, Bound);
        await second.DeposeAsync(old.Term, Bound);
        while (await third.LeaderAsync(Bound) is not { } holder || holder.Term == old.Term)
            await Task.Delay(10, Bound);
        var watch = Stopwatch.StartNew();
        await second.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(waiting);
        await third.CampaignAsync(First, Bound);
        watch.Elapsed.ShouldBeGreaterThan(timing.Validity - TimeSpan.FromMilliseconds(1));
    }

    [EtcdFact]
    public async Task Deposed_leader_learns_of_it_by_its_next_question()
    {
        var settings = servers.Settings with { Prefix = $"/{Guid.NewGuid():n}" };
        await using var first = EtcdServers.Open(settings);
        await using var standby = EtcdServers.Open(settings);
        var old = await first.CampaignAsync(First, Bound);
        await standby.DeposeAsync(old.Term, Bound);
        await old.Ended.WhenCancelledAsync(Bound);
        (await standby.LeaderAsync(Bound)).ShouldBeNull();
    }

    public void Dispose() => _bound.Dispose();
}
