using System.Net;
using Fleet.Coordinator.Stores;
using Fleet.Testing.Contracts;

namespace Fleet.Coordinator.Tests.Contracts;

/// <summary>What a store says of who leads, and for how long.</summary>
public abstract partial class FleetStoreContract
{
    private static readonly CoordinatorAddress First = CoordinatorAddress.At("c1", IPEndPoint.Parse("10.0.0.1:7400"));
    private static readonly CoordinatorAddress Second = CoordinatorAddress.At("c2", IPEndPoint.Parse("10.0.0.2:7400"));

    [ContractFact]
    public async Task Leadership_is_valid_from_the_beginning()
    {
        var leadership = await Open().CampaignAsync(First, Bound);
        leadership.IsValid.ShouldBeTrue();
        leadership.Ended.IsCancellationRequested.ShouldBeFalse();
        await leadership.BecomeValidAsync(Bound);
    }

    [ContractFact]
    public async Task Leadership_ends_when_its_store_is_disposed_of()
    {
        var store = Open();
        var leadership = await store.CampaignAsync(First, Bound);
        await store.DisposeAsync();
        EndsIn(leadership);
        await leadership.BecomeValidAsync(Bound);
    }

    [ContractFact]
    public async Task Leadership_ends_when_its_store_campaigns_again()
    {
        var store = Open();
        var before = await store.CampaignAsync(First, Bound);
        var after = await store.CampaignAsync(First, Bound);
        EndsIn(before);
        after.IsValid.ShouldBeTrue();
    }

    [ContractFact]
    public async Task Leadership_of_the_deposed_ends_when_a_write_is_fenced_at_the_latest()
    {
        var first = Open();
        var leadership = await first.CampaignAsync(First, Bound);
        await DeposeAsync(first);
        await Open().CampaignAsync(Second, Bound);
        await Should.ThrowAsync<FencedException>(() => first.AppendAsync(Samples.Entry(1, leadership.Term), Bound));
        EndsIn(leadership);
    }

    [ContractFact]
    public async Task Write_of_an_earlier_term_does_not_end_the_leadership_of_the_later_one()
    {
        var store = Open();
        var old = await store.CampaignAsync("c1", Bound);
        var leadership = await store.CampaignAsync(First, Bound);
        await Should.ThrowAsync<FencedException>(() => store.AppendAsync(Samples.Entry(1, old), Bound));
        leadership.IsValid.ShouldBeTrue();
    }

    [ContractFact]
    public async Task Whoever_leads_is_known_to_all_who_share_the_store()
    {
        var first = Open();
        var reader = Open();
        (await reader.LeaderAsync(Bound)).ShouldBeNull();
        var term = (await first.CampaignAsync(First, Bound)).Term;
        var candidate = Open();
        using var off = new CancellationTokenSource();
        var waiting = candidate.CampaignAsync(Second, off.Token);
        foreach (var store in new[] { first, reader, candidate })
            (await store.LeaderAsync(Bound)).ShouldBe(new TermHolder(term, First));
        await first.DisposeAsync();
        var next = (await waiting.WaitAsync(TimeSpan.FromSeconds(20), Bound)).Term;
        foreach (var store in new[] { reader, candidate })
            (await store.LeaderAsync(Bound)).ShouldBe(new TermHolder(next, Second));
        await candidate.DisposeAsync();
        (await reader.LeaderAsync(Bound)).ShouldBeNull();
    }

    [ContractFact]
    public async Task Leader_that_cannot_be_reached_is_known_by_name()
    {
        await Open().CampaignAsync("hidden", Bound);
        (await Open().LeaderAsync(Bound)).ShouldNotBeNull().Address.ShouldBe(new CoordinatorAddress("hidden", null, null));
    }

    [ContractFact]
    public async Task Asking_who_leads_gives_nobody_the_leadership()
    {
        var reader = Open();
        (await reader.LeaderAsync(Bound)).ShouldBeNull();
        var leadership = await Open().CampaignAsync(First, Bound).WaitAsync(TimeSpan.FromSeconds(20), Bound);
        (await reader.LeaderAsync(Bound)).ShouldBe(new TermHolder(leadership.Term, First));
        leadership.IsValid.ShouldBeTrue();
        await Should.ThrowAsync<FencedException>(() => reader.AppendAsync(Samples.Entry(1, leadership.Term), Bound));
    }

    [ContractFact]
    public async Task Deposed_by_a_standby_it_writes_no_more_and_whoever_waits_leads_once_it_may_acknowledge_nothing()
    {
        if (!CanBeDeposed)
            return;
        var first = Open();
        var old = await first.CampaignAsync(First, Bound);
        await first.AppendAsync(Samples.Entry(1, old.Term), Bound);
        var standby = Open();
        var waiting = standby.CampaignAsync(Second, Bound);
        await standby.DeposeAsync(old.Term, Bound);
        var current = await waiting.WaitAsync(TimeSpan.FromSeconds(20), Bound);
        old.IsValid.ShouldBeFalse("two would acknowledge at one time");
        current.IsValid.ShouldBeTrue();
        await Should.ThrowAsync<FencedException>(() => first.AppendAsync(Samples.Entry(2, old.Term), Bound));
        await standby.AppendAsync(Samples.Entry(2, current.Term), Bound);
    }

    [ContractFact]
    public async Task Deposing_a_term_that_is_over_leaves_the_leader_alone()
    {
        var first = Open();
        var old = await first.CampaignAsync("c1", Bound);
        await first.DisposeAsync();
        var second = Open();
        var current = await second.CampaignAsync(Second, Bound);
        await Open().DeposeAsync(old, Bound);
        await Open().DeposeAsync(current.Term + 1, Bound);
        await second.AppendAsync(Samples.Entry(1, current.Term), Bound);
        current.IsValid.ShouldBeTrue();
        (await Open().LeaderAsync(Bound)).ShouldBe(new TermHolder(current.Term, Second));
    }

    private static void EndsIn(Leadership leadership)
    {
        leadership.Ended.IsCancellationRequested.ShouldBeTrue();
        leadership.IsValid.ShouldBeFalse();
    }
}
