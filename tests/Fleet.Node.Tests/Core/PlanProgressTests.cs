using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Core;

/// <summary>What the data plane is told, and when: the rare apart from the frequent, the newest in place of what waits.</summary>
public sealed class PlanProgressTests
{
    private readonly PlaneStage _stage = new PlaneStage().Serve();

    [Fact]
    public void Health_and_weight_alone_never_tell_the_services_again()
    {
        for (var i = 0; i < 10; i++)
        {
            _stage.Judge("web/b1", i % 2 == 0 ? Verdict.Up : Verdict.Down);
            _stage.Carry();
            _stage.Change(map =>
                map
                    with
                {
                    Verdicts = map.Verdicts.SetItem(BackendKey.Parse("web/b2"), Verdict.Up),
                    Feedback = map.Feedback.SetItem(BackendKey.Parse("web/b2"), 10 + i),
                });
            _stage.Carry();
        }

        (_stage.Wholes, _stage.States).ShouldBe((1, 20));
        _stage.Effects
            .OfType<NodeEffect.ApplyBackends>()
            .Last().Backends.Weights
            .ShouldHaveSingleItem()
            .ShouldBe(new(BackendKey.Parse("web/b2"), 19));
    }

    [Fact]
    public void Change_of_a_service_that_a_data_plane_does_not_see_is_not_told()
    {
        _stage.ChangeService(web =>
            web
                with
            {
                Gslb = GslbSpec.Default with { TtlSeconds = 7 },
                DemandBps = 5,
                Pool = web.Pool with { Check = CheckSpec.Default with { Rise = 9 } },
            });
        _stage.Asked.ShouldBeNull();
        _stage.Judge("web/b1", Verdict.Up);
        _stage.Carry();
        _stage.ChangeService(web => web with { Pool = web.Pool with { Backends = [.. web.Pool.Backends.Select(b => b with { Weight = 7 })] } });
        (_stage.Wholes, _stage.States).ShouldBe((1, 2));
    }

    public static TheoryData<string, Func<Service, Service>> Seen => new()
    {
        { "listener", web => web with { Listeners = [new Listener(81, ListenerProtocol.Http)] } },
        { "protocol", web => web with { Listeners = [new Listener(80, ListenerProtocol.Tcp)] } },
        { "VIP", web => web with { Vips = [.. web.Vips, Build.Vip(9)] } },
        { "backend", web => web with { Pool = web.Pool with { Backends = [web.Pool.Backends[0]] } } },
        { "balance", web => web with { Pool = web.Pool with { Balance = BalancePolicy.Source } } },
        { "PROXY protocol", web => web with { Pool = web.Pool with { ProxyProtocol = true } } },
    };

    [Theory]
    [MemberData(nameof(Seen))]
    public void Change_of_a_service_that_a_data_plane_sees_is_told_with_the_states(string what, Func<Service, Service> change)
    {
        _stage.ChangeService(change);
        (_stage.Wholes, _stage.States).ShouldBe((2, 0), what);
        var apply = _stage.Effects.OfType<NodeEffect.ApplyServices>().Last();
        apply.Backends.Plan.ShouldBe(apply.Plan.Generation);
        apply.Plan.Services.Length.ShouldBe(2);
    }

    [Fact]
    public void What_fails_is_told_again_after_a_pause_that_grows()
    {
        _stage.ChangeService(web => web with { Listeners = [] });
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            _stage.Fail();
            pauses.Add(_stage.Due);
            _stage.Pass(_stage.Due - 1);
            _stage.Asked.ShouldBeNull();
            _stage.Pass(1);
            _stage.Asked.ShouldNotBeNull(string.Join(" ", pauses));
        }

        pauses.ShouldBe([50, 100, 200, 400, 800, 1000, 1000]);
        _stage.Carry();
        _stage.ChangeService(web => web with { Listeners = [new Listener(80, ListenerProtocol.Tcp)] });
        _stage.Fail();
        _stage.Due.ShouldBe(50, "what went well has ended the row");
    }

    [Fact]
    public void Newer_services_take_the_place_of_what_waits_at_once_and_newer_states_when_it_is_due()
    {
        _stage.ChangeService(web => web with { Listeners = [] });
        _stage.Fail();
        _stage.Judge("web/b1", Verdict.Up);
        _stage.Asked.ShouldBeNull();
        _stage.Pass(50);
        _stage.Effects.OfType<NodeEffect.ApplyServices>().Last().Backends.Weights.Keys.ShouldBe([BackendKey.Parse("web/b1")]);
        _stage.Fail();
        _stage.ChangeService(web => web with { Listeners = [new Listener(80, ListenerProtocol.Tcp)] });
        _stage.Asked.ShouldNotBeNull();
        _stage.Effects.OfType<NodeEffect.ApplyServices>().Last().Plan.Services.Last().Listeners.Single().Protocol.ShouldBe(ListenerProtocol.Tcp);
    }

    [Fact]
    public void Older_plan_that_succeeds_late_does_not_count_for_the_newest()
    {
        _stage.ChangeService(web => web with { Listeners = [] });
        var older = _stage.Asked!.Value;
        _stage.GiveNew(9);
        _stage.Asked.ShouldBe(older, "one thing at a time");
        _stage.Answer(new NodeInput.Applied(older, older));
        _stage.Held.ShouldNotContain(Build.Vip(9));
        _stage.Asked!.Value.Value.ShouldBeGreaterThan(older.Value);
        _stage.Carry();
        _stage.Held.ShouldContain(Build.Vip(9));
    }

    [Fact]
    public void Older_plan_that_fails_late_says_nothing_of_the_newest()
    {
        _stage.ChangeService(web => web with { Listeners = [] });
        _stage.ChangeService(web => web with { Listeners = [new Listener(80, ListenerProtocol.Tcp)] });
        _stage.Fail();
        _stage.Asked.ShouldNotBeNull();
    }

    /// <summary>Whether it took them is not known; and what has lost its services, say, is not mended by states.</summary>
    [Fact]
    public void After_states_that_failed_all_is_told()
    {
        _stage.Judge("web/b1", Verdict.Up);
        _stage.Fail();
        _stage.Pass(50);
        (_stage.Wholes, _stage.States).ShouldBe((2, 1));
        _stage.Carry();
        _stage.Judge("web/b2", Verdict.Up);
        (_stage.Wholes, _stage.States).ShouldBe((2, 2));
    }
}
