using System.Net.Sockets;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using static Fleet.Shared.Tests.Gslb.Fleets;

namespace Fleet.Shared.Tests.Gslb;

/// <summary>Which addresses clients of a site are answered with.</summary>
public class SiteOrderTests
{
    private static readonly string[] Everywhere =
        ["a1 serving 10.1.0.1", "a2 serving 10.1.0.2", "b1 serving 10.2.0.1", "b1 serving 10.2.0.2", "c1 serving 10.3.0.1"];

    private static readonly GslbSpec Disaster = new() { Topology = false, Sites = [B, A] };

    [Fact]
    public void Clients_of_a_site_are_answered_from_it()
    {
        var map = MapOf(Service(new GslbSpec()), Everywhere);
        Answer(map, A).ShouldBe(["10.1.0.1", "10.1.0.2"]);
        Answer(map, C).ShouldBe(["10.3.0.1"]);
    }

    [Fact]
    public void Clients_of_no_site_or_of_one_without_the_service_are_answered_from_everywhere()
    {
        var map = MapOf(Service(new GslbSpec()), Everywhere);
        Answer(map, null).Length.ShouldBe(5);
        Answer(map, new SiteName("nowhere")).Length.ShouldBe(5);
    }

    [Fact]
    public void Without_topology_nobody_has_a_site_of_his_own() =>
        Answer(MapOf(Service(new GslbSpec { Topology = false }), Everywhere), A).Length.ShouldBe(5);

    [Fact]
    public void Listed_sites_come_one_after_the_other_and_the_rest_together()
    {
        var map = MapOf(Service(Disaster), Everywhere);
        Answer(map, null).ShouldBe(["10.2.0.1", "10.2.0.2"]);
        Answer(Lose(map, "b1"), null).ShouldBe(["10.1.0.1", "10.1.0.2"]);
        Answer(Lose(map, "b1", "a1", "a2"), null).ShouldBe(["10.3.0.1"]);
        Answer(Lose(map, "b1", "a1", "a2", "c1"), null).ShouldBeEmpty();
    }

    [Fact]
    public void Own_site_first_and_then_the_listed_ones()
    {
        var map = MapOf(Service(Disaster with { Topology = true }), Everywhere);
        Answer(map, C).ShouldBe(["10.3.0.1"]);
        Answer(Lose(map, "c1"), C).ShouldBe(["10.2.0.1", "10.2.0.2"]);
    }

    [Fact]
    public void A_site_that_is_held_is_answered_only_when_no_other_is_left()
    {
        var map = MapOf(Service(new GslbSpec()), Everywhere).WithSite(new SiteEntry(A, HeldDown: true));
        Answer(map, A).ShouldBe(["10.2.0.1", "10.2.0.2", "10.3.0.1"]);
        Answer(Lose(map, "b1", "c1"), A).ShouldBe(["10.1.0.1", "10.1.0.2"]);
    }

    [Fact]
    public void A_silent_node_is_answered_only_when_no_other_is_left_anywhere()
    {
        var map = MapOf(Service(new GslbSpec()), Everywhere).WithNode("a1", node => node with { Suspected = true });
        Answer(map, A).ShouldBe(["10.1.0.2"]);
        Answer(map.WithNode("a2", node => node with { Suspected = true }), A).ShouldBe(["10.2.0.1", "10.2.0.2", "10.3.0.1"]);
        Answer(Lose(map, "a2", "b1", "c1"), A).ShouldBe(["10.1.0.1"]);
    }

    [Fact]
    public void Vips_on_their_way_in_wait_for_others_and_vips_on_their_way_out_do_not()
    {
        Answer(MapOf(Service(new GslbSpec()), "a1 arriving 10.1.0.1", "b1 serving 10.2.0.1"), A).ShouldBe(["10.2.0.1"]);
        Answer(MapOf(Service(new GslbSpec()), "a1 draining 10.1.0.1", "b1 serving 10.2.0.1"), A).ShouldBe(["10.1.0.1"]);
        Answer(MapOf(Service(new GslbSpec()), "a1 draining 10.1.0.1", "a2 serving 10.1.0.2"), A).ShouldBe(["10.1.0.2"]);
        Answer(MapOf(Service(new GslbSpec()), "a1 arriving 10.1.0.1", "a1 releasing 10.1.0.2", "- unplaced 10.1.0.3"), A).ShouldBe(["10.1.0.1"]);
    }

    [Fact]
    public void Backends_of_a_site_count_for_the_vips_of_that_site()
    {
        var service = Service(new GslbSpec(), Backend("near-a", 1, A), Backend("near-b", 2, B));
        var map = MapOf(service, Everywhere).WithVerdict("near-a", Verdict.Down);
        Answer(map, A).ShouldBe(["10.2.0.1", "10.2.0.2", "10.3.0.1"]);
        Answer(map.WithVerdict("near-b", Verdict.Down), A).ShouldBeEmpty();
        var serveAll = service with { Pool = service.Pool with { AllDown = AllDown.ServeAll } };
        Answer(MapOf(serveAll, Everywhere).WithVerdict("near-a", Verdict.Down), A).ShouldBe(["10.2.0.1", "10.2.0.2", "10.3.0.1"]);
        Answer(
            MapOf(serveAll, Everywhere).WithVerdict("near-a", Verdict.Down).WithVerdict("near-b", Verdict.Down),
            A).ShouldBe(["10.1.0.1", "10.1.0.2"]);
    }

    [Fact]
    public void Direct_to_node_answers_backends_that_are_up_and_the_unknown_only_when_none_is()
    {
        var service = Service(new GslbSpec { Answer = AnswerKind.Backends }, Backend("x", 1, A), Backend("y", 2, A), Backend("z", 3, B));
        var map = MapOf(service);
        Answer(map, A).ShouldBe(["10.9.0.1", "10.9.0.2"]);
        Answer(map.WithVerdict("x", Verdict.Up), A).ShouldBe(["10.9.0.1"]);
        Answer(map.WithVerdict("x", Verdict.Down).WithVerdict("y", Verdict.Down).WithVerdict("z", Verdict.Up), A).ShouldBe(["10.9.0.3"]);
        Answer(map.WithVerdict("x", Verdict.Down).WithVerdict("y", Verdict.Down).WithVerdict("z", Verdict.Down), A).ShouldBeEmpty();
    }

    [Fact]
    public void A_backend_that_asks_for_no_more_is_left_out_and_a_site_of_such_goes_elsewhere()
    {
        var service = Service(new GslbSpec { Answer = AnswerKind.Backends }, Backend("x", 1, A), Backend("y", 2, A, weight: 0), Backend("z", 3, B));
        var map = MapOf(service).WithVerdict("x", Verdict.Up).WithVerdict("y", Verdict.Up).WithVerdict("z", Verdict.Up);
        Answer(map, A).ShouldBe(["10.9.0.1"]);
        Answer(map with { Feedback = map.Feedback.Add(new(new("s3"), "x"), 0) }, A).ShouldBe(["10.9.0.3"]);
    }

    [Fact]
    public void Weights_are_headroom_or_feedback_or_even()
    {
        var vips = MapOf(Service(new GslbSpec()), "a1 serving 10.1.0.1", "a2 serving 10.1.0.2").WithNode("a2", node => node with { Weight = 7 });
        Weights(vips).ShouldBe([100, 7]);
        Weights(vips with { Services = vips.Services.SetItem(new("s3"), Service(new GslbSpec { Weights = AnswerWeights.Even })) }).ShouldBe([1, 1]);
        var backends = MapOf(Service(new GslbSpec { Answer = AnswerKind.Backends }, Backend("x", 1), Backend("y", 2, weight: 50)));
        Weights(backends with { Feedback = backends.Feedback.Add(new(new("s3"), "x"), 50) }).ShouldBe([5000, 5000]);
    }

    [Fact]
    public void What_does_not_fit_into_a_site_goes_elsewhere_if_there_is_an_elsewhere()
    {
        var map = MapOf(Service(new GslbSpec { Overflow = true }), Everywhere).WithSite(new SiteEntry(A, Kept: 50_000));
        var choice = Choose(map, A);
        (choice.First.Length, choice.Kept, choice.Elsewhere.Length).ShouldBe((2, 50_000, 3));
        Choose(Lose(map, "b1", "c1"), A).Kept.ShouldBe(SiteEntry.KeptAll);
        Choose(map.WithSite(new SiteEntry(B, HeldDown: true)), A).Elsewhere.ShouldBe([4]);
        Choose(map, B).Kept.ShouldBe(SiteEntry.KeptAll);
        Choose(MapOf(Service(new GslbSpec()), Everywhere).WithSite(new SiteEntry(A, Kept: 50_000)), A).Kept.ShouldBe(SiteEntry.KeptAll);
    }

    [Fact]
    public void Each_family_is_chosen_by_itself()
    {
        var map = MapOf(Service(new GslbSpec()), "a1 serving 10.1.0.1", "b1 serving 2001:db8::1");
        Answer(map, A).ShouldBe(["10.1.0.1"]);
        Answer(map, A, AddressFamily.InterNetworkV6).ShouldBe(["2001:db8::1"]);
    }

    private static FleetMap Lose(FleetMap map, params string[] nodes) =>
        nodes.Aggregate(map, (lost, node) => lost.WithNode(node, entry => entry with { Presence = NodePresence.Down }));

    private static SiteChoice Choose(FleetMap map, SiteName? client, AddressFamily family = AddressFamily.InterNetwork)
    {
        var service = map.Services[new("s3")];
        return SiteOrder.Choose(map.Sites, service.Gslb, Candidates.ForService(map, service, map.Vips.Values), family, client);
    }

    private static string[] Answer(FleetMap map, SiteName? client, AddressFamily family = AddressFamily.InterNetwork)
    {
        var candidates = Candidates.ForService(map, map.Services[new("s3")], map.Vips.Values);
        return [.. Choose(map, client, family).First.Select(i => candidates[i].Address.ToString())];
    }

    private static int[] Weights(FleetMap map) =>
        [.. Candidates.ForService(map, map.Services[new("s3")], map.Vips.Values).Select(candidate => candidate.Weight)];
}
