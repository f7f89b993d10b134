using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Contracts;

/// <summary>
/// What every <see cref="IDataPlane"/> must do with what it is told: carry it, say what it carries, and be told again after anything. One VIP, two
/// backends.
/// </summary>
public abstract class DataPlaneContract : IAsyncLifetime
{
    private static readonly ServiceName Web = new("web");
    private static long _generations;

    private protected abstract IDataPlane Plane { get; }

    /// <summary>The VIP that is held once a plan with it has been applied and <see cref="HoldAsync"/> was called.</summary>
    protected abstract VipAddress Vip { get; }

    protected abstract Backend One { get; }

    protected abstract Backend Two { get; }

    /// <summary>What the service listens on.</summary>
    protected abstract Listener Listener { get; }

    public abstract Task InitializeAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected abstract Task HoldAsync();

    /// <summary>Whom a new connection to the VIP goes to; null where nobody takes it.</summary>
    protected abstract Task<string?> AskAsync();

    /// <summary>From now on it answers nothing that it is told.</summary>
    protected abstract void Suspend();

    /// <summary>It goes on.</summary>
    protected abstract void Resume();

    [ContractFact]
    public async Task Every_apply_says_which_generation_is_carried_and_so_does_who_looks()
    {
        var plan = PlanOf(One, Two);
        var first = StatesOf(plan, One);
        (await Plane.ApplyServicesAsync(plan, first, CancellationToken.None)).ShouldBe(first.Generation);
        (await Plane.ReadAsync(CancellationToken.None)).Carried.ShouldBe(first.Generation);
        var second = StatesOf(plan, Two);
        (await Plane.ApplyBackendsAsync(second, CancellationToken.None)).ShouldBe(second.Generation);
        (await Plane.ReadAsync(CancellationToken.None)).Carried.ShouldBe(second.Generation);
    }

    [ContractFact]
    public async Task Same_plan_and_states_again_change_nothing()
    {
        var plan = PlanOf(One);
        var states = StatesOf(plan, One);
        for (var i = 0; i < 3; i++)
        {
            (await Plane.ApplyServicesAsync(plan, states, CancellationToken.None)).ShouldBe(states.Generation);
            (await Plane.ApplyBackendsAsync(states, CancellationToken.None)).ShouldBe(states.Generation);
            await HoldAsync();
            (await AskAsync()).ShouldBe("one");
        }
    }

    [ContractFact]
    public async Task New_connections_are_spread_over_the_backends_that_take_any()
    {
        await ServeAsync(One, Two);
        (await AskAsync(6)).Order().ShouldBe(["one", "one", "one", "two", "two", "two"]);
    }

    [ContractFact]
    public async Task States_alone_say_who_takes_new_connections()
    {
        var plan = PlanOf(One, Two);
        await Plane.ApplyServicesAsync(plan, StatesOf(plan, One), CancellationToken.None);
        await HoldAsync();
        (await AskAsync(4)).ShouldAllBe(answer => answer == "one");
        await Plane.ApplyBackendsAsync(StatesOf(plan, Two), CancellationToken.None);
        (await AskAsync(4)).ShouldAllBe(answer => answer == "two");
        await Plane.ApplyBackendsAsync(StatesOf(plan, One with { Weight = 200 }, Two), CancellationToken.None);
        (await AskAsync(6)).Count(answer => answer == "one").ShouldBe(4);
        await Plane.ApplyBackendsAsync(StatesOf(plan), CancellationToken.None);
        (await AskAsync()).ShouldBeNull();
    }

    [ContractFact]
    public async Task States_that_were_made_for_another_plan_are_not_taken_and_it_says_so()
    {
        var older = PlanOf(One, Two);
        var plan = PlanOf(One, Two);
        var states = StatesOf(plan, One);
        await Plane.ApplyServicesAsync(plan, states, CancellationToken.None);
        await HoldAsync();
        (await Plane.ApplyBackendsAsync(StatesOf(older, Two), CancellationToken.None)).ShouldBe(states.Generation);
        (await AskAsync()).ShouldBe("one");
    }

    [ContractFact]
    public async Task Backend_that_left_the_plan_gets_no_new_connection()
    {
        await ServeAsync(One, Two);
        await ServeAsync(Two);
        (await AskAsync(4)).ShouldAllBe(answer => answer == "two");
    }

    [ContractFact]
    public async Task Without_backends_nobody_is_served()
    {
        await ServeAsync();
        (await AskAsync()).ShouldBeNull();
    }

    [ContractFact]
    public async Task Every_policy_and_listener_that_it_says_it_can_do_it_does()
    {
        Plane.Capabilities.Name.ShouldNotBeEmpty();
        foreach (var balance in Plane.Capabilities.Balance)
        {
            foreach (var protocol in Plane.Capabilities.Listeners)
            {
                var plan = PlanOf(One);
                plan = plan with { Services = [plan.Services[0] with { Balance = balance, Listeners = [Listener with { Protocol = protocol }] }] };
                var states = StatesOf(plan, One);
                (await Plane.ApplyServicesAsync(plan, states, CancellationToken.None)).ShouldBe(states.Generation);
                await HoldAsync();
                (await AskAsync()).ShouldBe("one", $"{balance}, {protocol}");
            }
        }
    }

    [ContractTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Apply_that_was_called_off_throws_and_the_next_is_carried_whatever_became_of_it(bool isOfServices)
    {
        var plan = PlanOf(One, Two);
        await Plane.ApplyServicesAsync(plan, StatesOf(plan, One), CancellationToken.None);
        await HoldAsync();
        Suspend();
        using (var calledOff = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)))
        {
            var states = StatesOf(plan, Two);
            var apply = isOfServices
                ? Plane.ApplyServicesAsync(PlanOf(Two), states, calledOff.Token)
                : Plane.ApplyBackendsAsync(states, calledOff.Token);
            await Should.ThrowAsync<OperationCanceledException>(() => apply.WaitAsync(TimeSpan.FromSeconds(20)));
        }

        Resume();
        await ServeAsync(Two, One);
        (await AskAsync(6)).Count(answer => answer == "two").ShouldBe(3);
    }

    private protected NodePlan PlanOf(params Backend[] backends) => new()
    {
        Generation = NewGeneration(),
        Services =
        [
            new ServicePlan(Web, [Listener], [Vip], [.. backends.Select(b => new BackendServer(b.Name, b.Address))], BalancePolicy.RoundRobin, false),
        ],
    };

    private protected BackendStates StatesOf(NodePlan plan, params Backend[] backends) => new()
    {
        Generation = NewGeneration(),
        Plan = plan.Generation,
        Weights = backends.ToImmutableSortedDictionary(b => new BackendKey(Web, b.Name), b => b.Weight),
    };

    /// <summary>All of these take connections.</summary>
    protected async Task ServeAsync(params Backend[] backends)
    {
        var plan = PlanOf(backends);
        var states = StatesOf(plan, backends);
        (await Plane.ApplyServicesAsync(plan, states, CancellationToken.None)).ShouldBe(states.Generation);
        await HoldAsync();
    }

    private static PlanGeneration NewGeneration() => new(Interlocked.Increment(ref _generations));

    private async Task<List<string?>> AskAsync(int times)
    {
        var answers = new List<string?>();
        for (var i = 0; i < times; i++)
            answers.Add(await AskAsync());
        return answers;
    }
}
