using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Proof;

/// <summary>The proof beside the law spelled out, on thousands of tiny fleets.</summary>
public sealed class ProtectionProofTests
{
    private const int Instances = 4000;

    [Fact]
    public void It_says_what_the_law_says()
    {
        var (held, broke, overloaded) = (0, 0, 0);
        for (var seed = 0; seed < Instances; seed++)
        {
            var (problem, plan) = Instance(seed);
            var verdict = ProtectionProof.Check(problem, plan);
            var law = BruteForce.Evaluate(problem, plan);

            verdict.Method.ShouldBe(ProofMethod.Exhaustive);
            verdict.Broken.IsEmpty.ShouldBe(law.AreRulesKept, $"seed {seed}: {string.Join(' ', verdict.Broken)}");
            (verdict.Worst?.Utilisation ?? 0).ShouldBe(law.Utilisation, $"seed {seed}");
            verdict.Holds.ShouldBe(law.Holds, $"seed {seed}");
            _ = law.Holds ? held++ : law.AreRulesKept ? overloaded++ : broke++;
        }

        // The instances are of every kind, or the law was not asked much.
        Math.Min(held, Math.Min(broke, overloaded)).ShouldBeGreaterThan(Instances / 12, $"{held} hold, {broke} break rules, {overloaded} overload");
    }

    [Fact]
    public void The_worst_case_is_one_that_happens()
    {
        for (var seed = 0; seed < Instances; seed++)
        {
            var (problem, plan) = Instance(seed);
            if (ProtectionProof.Check(problem, plan).Worst is not { } worst)
                continue;

            BruteForce.FailureSets(problem).Any(set => set.Order().SequenceEqual(worst.Failed)).ShouldBeTrue($"seed {seed}");
            var rules = true;
            var (node, load) = BruteForce.After(problem, plan, worst.Failed, ref rules).Single(survivor => survivor.Node.Name == worst.Node);
            load.ShareOf(node.Capacity).ShouldBe(worst.Utilisation, $"seed {seed}");
            worst.ExcessBps.ShouldBe(Math.Max(0, load.Bps - problem.LimitOf(node).Bps));
            worst.ExcessCps.ShouldBe(Math.Max(0, load.Cps - problem.LimitOf(node).Cps));
            var law = BruteForce.Evaluate(problem, plan);
            (worst.ExcessBps > 0 || worst.ExcessCps > 0).ShouldBe(!law.Overloads.IsEmpty, $"seed {seed}");
        }
    }

    /// <summary>With a budget of so many visits the search ends anywhere; whatever it then says must be true.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void A_proof_that_rests_on_its_bound_never_says_too_much(int visitsMax)
    {
        var (bounded, proven) = (0, 0);
        for (var seed = 0; seed < 1500; seed++)
        {
            var (problem, plan) = Instance(seed, nodesMin: 6, nodesMax: 9, vipsMax: 24);
            var verdict = ProtectionProof.Check(problem, plan, visitsMax);
            var law = BruteForce.Evaluate(problem, plan);

            if (verdict.Holds)
                law.Holds.ShouldBeTrue($"seed {seed}");
            (verdict.UtilisationMax ?? 0).ShouldBeGreaterThanOrEqualTo(law.Utilisation, $"seed {seed}");
            if (verdict.Method == ProofMethod.Exhaustive)
                (verdict.Worst?.Utilisation ?? 0).ShouldBe(law.Utilisation, $"seed {seed}");
            else
                _ = verdict.Holds ? proven++ : bounded++;
        }

        Math.Min(bounded, proven).ShouldBeGreaterThan(5, $"{bounded} not proven, {proven} proven by the bound");
    }

    [Fact]
    public void The_order_in_which_things_are_listed_does_not_matter()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var (problem, plan) = Instance(seed);
            var fleets = new TinyFleets(seed);
            var shuffled = problem with { Nodes = fleets.Shuffled(problem.Nodes), Vips = fleets.Shuffled(problem.Vips) };

            Text(ProtectionProof.Check(shuffled, fleets.Shuffled(plan))).ShouldBe(Text(ProtectionProof.Check(problem, plan)));
        }
    }

    [Fact]
    public void Of_equal_cases_the_failure_with_the_first_name_is_told()
    {
        var problem = Even(nodes: 4, k: 1);

        var worst = ProtectionProof.Check(problem, Ring(problem)).Worst.ShouldNotBeNull();

        worst.Failed.ShouldBe([Build.Name("adc-1")]);
        worst.Node.ShouldBe(Build.Name("adc-2"));
        worst.Utilisation.ShouldBe(0.4);
    }

    [Fact]
    public void Many_broken_rules_are_told_in_few_sentences()
    {
        var problem = Even(nodes: 30, k: 1);

        var broken = ProtectionProof.Check(problem, []).Broken;

        broken.Length.ShouldBe(21);
        broken[0].ShouldBe("VIP 10.0.0.1 is assigned to no node.");
        broken[^1].ShouldBe("There are 10 more.");
    }

    [Fact]
    public void A_vip_that_too_few_nodes_may_take_is_told_with_what_kills_it()
    {
        var problem = Even(nodes: 2, k: 2);

        var verdict = ProtectionProof.Check(
            problem, [new(Build.Vip(1), Build.Name("adc-1"), [Build.Name("adc-2")]), new(Build.Vip(2), Build.Name("adc-2"), [])]);

        verdict.Holds.ShouldBeFalse();
        verdict.Broken.ShouldBe(
            ["VIP 10.0.0.1 has no standby left when adc-1, adc-2 fail, and none can be named: too few nodes may take it.",
            "VIP 10.0.0.2 has no standby left when adc-2 fails, and none can be named: too few nodes may take it."]);
    }

    [Fact]
    public void Demands_beyond_counting_are_refused()
    {
        var problem = Even(nodes: 2, k: 0);
        problem = problem with { Vips = [.. problem.Vips.Select(vip => vip with { Demand = new Load(long.MaxValue / 2) })] };

        ProtectionProof.Check(problem, Ring(problem)).Broken.ShouldBe(["The demands are negative, or add up to more than can be counted."]);
    }

    private static (PlacementProblem Problem, ImmutableArray<Assignment> Plan) Instance(
        int seed, int nodesMin = 1, int nodesMax = 7, int vipsMax = 12)
    {
        var fleets = new TinyFleets(seed);
        var problem = fleets.Problem(nodesMin, nodesMax, vipsMax);
        return (problem, fleets.Plan(problem));
    }

    /// <summary>Nodes of 100 with one VIP of 20 each.</summary>
    private static PlacementProblem Even(int nodes, int k) => new()
    {
        Protection = new Protection(k, 0, 1),
        Nodes = [.. Enumerable.Range(1, nodes).Select(i => new PlanNode
        {
            Name = Build.Name($"adc-{i}"),
            Site = new SiteName("here"),
            Domain = new DomainName($"rack-{i}"),
            Capacity = new Load(100, PlanNode.Unbounded),
        })],
        Vips =
        [
            .. Enumerable
                .Range(1, nodes)
                .Select(i => new PlanVip { Address = Build.Vip(i), Service = new ServiceName("web"), Demand = new Load(20) }),
        ],
    };

    /// <summary>Each VIP on its node, the next nodes as standbys.</summary>
    private static ImmutableArray<Assignment> Ring(PlacementProblem problem) =>
        [.. problem.Vips.Select((vip, i) => new Assignment(
            vip.Address,
            problem.Nodes[i].Name,
            [.. Enumerable.Range(i + 1, problem.Protection.Nodes).Select(n => problem.Nodes[n % problem.Nodes.Length].Name)]))];

    private static string Text(ProtectionVerdict verdict) =>
        $"{verdict.Holds} {verdict.Method} {verdict.Worst?.Node} {verdict.Worst?.Utilisation} {string.Join(',', verdict.Worst?.Failed ?? [])} "
        + $"{string.Join('\n', verdict.Broken)}";
}
