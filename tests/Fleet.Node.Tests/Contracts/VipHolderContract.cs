using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Node.Vips;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Contracts;

/// <summary>What every <see cref="IVipHolder"/> must do. The suite of an implementation says how its VIPs are seen from outside.</summary>
public abstract class VipHolderContract : IAsyncLifetime
{
    private protected abstract IVipHolder Holder { get; }

    protected static Instant In(int milliseconds) => MonotonicClock.System.Now + TimeSpan.FromMilliseconds(milliseconds);

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <summary>A VIP that both may hold and nobody holds.</summary>
    protected abstract VipAddress Vip(int number);

    /// <summary>A client's new request to the VIP is answered.</summary>
    protected abstract Task<bool> AnswersAsync(VipAddress vip);

    /// <summary>The holder of another node that may be given the same VIPs.</summary>
    private protected abstract Task<IVipHolder> RivalAsync();

    /// <summary>The agent of <see cref="Holder"/> dies without a word.</summary>
    protected abstract Task LoseAgentAsync();

    /// <summary>When this returns, everything of <see cref="Holder"/> that lives in user space stands still; see <see cref="Resume"/>.</summary>
    protected abstract void Suspend();

    protected abstract void Resume();

    [ContractFact]
    public async Task Held_vips_answer_and_others_do_not()
    {
        (await HoldAsync([Vip(0), Vip(1)], In(10_000))).ShouldBeEmpty();
        (await AnswersAsync(Vip(0))).ShouldBeTrue();
        (await AnswersAsync(Vip(1))).ShouldBeTrue();
        (await AnswersAsync(Vip(2))).ShouldBeFalse();
    }

    [ContractFact]
    public async Task Vip_that_is_not_named_any_more_is_let_go_of()
    {
        await HoldAsync([Vip(0), Vip(1)], In(10_000));
        await HoldAsync([Vip(1)], In(10_000));
        (await AnswersAsync(Vip(0))).ShouldBeFalse();
        (await AnswersAsync(Vip(1))).ShouldBeTrue();
    }

    [ContractFact]
    public async Task End_in_the_past_lets_go_of_everything()
    {
        await HoldAsync([Vip(0)], In(10_000));
        await HoldAsync([Vip(0)], In(-1));
        (await AnswersAsync(Vip(0))).ShouldBeFalse();
    }

    [ContractFact]
    public async Task Later_end_carries_a_vip_over_the_earlier_one()
    {
        var first = In(500);
        await HoldAsync([Vip(0)], first);
        await HoldAsync([Vip(0)], In(10_000));
        await UntilAsync(first + TimeSpan.FromMilliseconds(100));
        (await AnswersAsync(Vip(0))).ShouldBeTrue();
    }

    [ContractFact]
    public async Task Without_an_agent_vips_are_held_to_the_end_of_the_lease_and_not_beyond()
    {
        await HoldAsync([Vip(0)], In(10_000)); // Whatever is slow at the start is over.
        var end = In(2000);
        await HoldAsync([Vip(0)], end);
        await LoseAgentAsync();
        var answered = 0;
        while (MonotonicClock.System.Now < end)
        {
            var answers = await AnswersAsync(Vip(0));
            if (MonotonicClock.System.Now >= end)
                break; // Whether it was answered in time is not to be told.
            answers.ShouldBeTrue();
            answered++;
        }

        answered.ShouldBeGreaterThan(0);
        await UntilAsync(end);
        var since = Stopwatch.StartNew();
        while (since.ElapsedMilliseconds < 200)
            (await AnswersAsync(Vip(0))).ShouldBeFalse();
    }

    [ContractFact]
    public async Task Holder_that_stood_still_over_the_end_of_its_lease_answers_nobody_when_it_wakes()
    {
        await HoldAsync([Vip(0)], In(10_000));
        await AnswersAsync(Vip(0));
        var end = In(2000);
        await HoldAsync([Vip(0)], end);
        Suspend();
        var asked = Enumerable.Range(0, 20).Select(_ => AnswersAsync(Vip(0))).ToList();
        await UntilAsync(end + TimeSpan.FromMilliseconds(50));
        asked.ShouldAllBe(a => !a.IsCompleted || !a.Result);
        Resume();
        (await Task.WhenAll(asked)).ShouldAllBe(answered => !answered);
    }

    [ContractFact]
    public async Task Vip_of_another_holder_is_reported_and_taken_when_it_is_let_go_of()
    {
        await HoldAsync([Vip(0)], In(10_000));
        var rival = await RivalAsync();
        var failed = await rival.HoldAsync([Vip(0), Vip(1)], In(10_000), CancellationToken.None);
        failed.Keys.ShouldBe([Vip(0)]);
        await HoldAsync([], In(10_000));
        var since = Stopwatch.StartNew();
        while ((await rival.HoldAsync([Vip(0), Vip(1)], In(10_000), CancellationToken.None)).Count > 0)
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
            await Task.Delay(5);
        }

        (await AnswersAsync(Vip(0))).ShouldBeTrue();
    }

    protected Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(ImmutableSortedSet<VipAddress> vips, Instant until) =>
        Holder.HoldAsync(vips, until, CancellationToken.None);

    private static async Task UntilAsync(Instant moment)
    {
        while (MonotonicClock.System.Now < moment)
            await Task.Delay(1);
    }
}
