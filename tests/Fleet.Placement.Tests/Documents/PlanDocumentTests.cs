using System.Text.Json;
using Fleet.Placement.Advice;
using Fleet.Placement.Documents;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Documents;

public sealed class PlanDocumentTests
{
    private static readonly PlacementProblem Problem = ProblemText.Read("""
        {"nodes":[{"name":"a","site":"s","domain":"r1","capacity-bps":10},{"name":"b","site":"s","domain":"r2","capacity-bps":10}],
         "vips":[{"address":"10.0.0.2","service":"web","demand-bps":4,"owner":"a"},{"address":"10.0.0.1","service":"web","demand-bps":5}]}
        """).Problem!;

    private static readonly PlacementPlan Plan = new(
        [new Assignment(Address(1), Build.Name("b"), [Build.Name("a")]), new Assignment(Address(2), Build.Name("a"), [Build.Name("b")])],
        [new PlannedMove(Address(1), null, Build.Name("b"), MoveReason.Placed)],
        []);

    [Fact]
    public void Output_is_written_as_it_was_agreed() => Text(Judged(Plan, Problem)).ShouldBe("""
        {"assignments":[{"address":"10.0.0.1","owner":"b","standbys":["a"]},{"address":"10.0.0.2","owner":"a","standbys":["b"]}],
        "unplaced":[],
        "protection":{"holds":true,"method":"exhaustive","worst":{"failed":["a"],"node":"b","utilisation":0.9},"utilisation-max":0.9},
        "moves":{"count":1,"bps":5,"lower-bound-bps":5,"list":[{"address":"10.0.0.1","to":"b","reason":"placed"}]},
        "balance":{"utilisation-max":0.5,"lower-bound":0.5},
        "spread":{"nodes":{"service":"web","most":1,"lower-bound":1},"domains":{"service":"web","most":1,"lower-bound":1}}}
        """.ReplaceLineEndings(""));

    [Fact]
    public void What_does_not_hold_comes_with_the_counter_example_the_excess_and_why_nothing_could()
    {
        var heavy = Problem with { Vips = [Problem.Vips[0] with { Demand = new Load(8) }, Problem.Vips[1]] };
        var text = Text(Judged(Plan, heavy));
        text.ShouldContain(
            """
            "protection":{"holds":false,"method":"exhaustive","worst":{"failed":["a"],"node":"b","utilisation":1.3,
            "excess-bps":3},"utilisation-max":1.3}
            """.ReplaceLineEndings(""));
        text.ShouldContain("\"infeasible\":\"");
    }

    [Fact]
    public void What_has_no_place_is_told_with_the_reason_and_is_not_sound()
    {
        var planned = Judged(
            Plan with { Assignments = [Plan.Assignments[1]], Moves = [], Unplaced = [new Unplaced(Address(1), "no node may take it")] }, Problem);
        planned.IsSound.ShouldBeFalse();
        Text(planned).ShouldContain("""
            "unplaced":[{"address":"10.0.0.1","reason":"no node may take it"}],"protection":{"holds":false
            """.Trim());
    }

    [Fact]
    public void Load_on_a_node_without_capacity_can_be_written()
    {
        var nothing = Problem with { Nodes = [.. Problem.Nodes.Select(node => node with { Capacity = new Load(0, PlanNode.Unbounded) })] };
        var text = Text(Judged(Plan, nothing));
        text.ShouldContain("\"utilisation\":null,\"excess-bps\":");
        text.ShouldContain("\"balance\":{\"utilisation-max\":null,");
    }

    [Fact]
    public void Nothing_at_all_is_written_with_a_worst_case_of_null()
    {
        var empty = new PlacementProblem { Protection = Protection.Default, Nodes = [], Vips = [] };
        Text(Judged(new PlacementPlan([], [], []), empty)).ShouldContain("\"protection\":{\"holds\":true,\"method\":\"exhaustive\",\"worst\":null");
    }

    [Fact]
    public void Order_of_the_input_does_not_change_the_output_by_a_byte()
    {
        var problem = Many(30, 200, seed: 7);
        var turned = problem
            with
        {
            Nodes = [.. problem.Nodes.OrderBy(node => node.Name.Value[^1]).ThenByDescending(node => node.Name)],
            Vips = [.. problem.Vips.Reverse()],
        };
        Text(Planned.Compute(turned)).ShouldBe(Text(Planned.Compute(problem)));
    }

    private static PlacementProblem Many(int nodes, int vips, int seed)
    {
        var random = new Random(seed);
        return new PlacementProblem
        {
            Protection = new Protection(1, 1, 0.9),
            Nodes =
            [
                .. Enumerable.Range(1, nodes).Select(i => new PlanNode
                {
                    Name = Build.Name($"adc-{i}"),
                    Site = new SiteName("here"),
                    Domain = new DomainName($"r{i % 5}"),
                    Capacity = new Load(Build.Gbps * random.Next(10, 20), PlanNode.Unbounded),
                }),
            ],
            Vips =
            [
                .. Enumerable.Range(1, vips).Select(i => new PlanVip
                {
                    Address = Build.Vip(i),
                    Service = new ServiceName($"s{i % 7}"),
                    Demand = new Load(random.NextInt64(Build.Gbps)),
                    Owner = random.Next(3) == 0 ? null : Build.Name($"adc-{random.Next(1, nodes + 1)}"),
                }),
            ],
        };
    }

    private static VipAddress Address(int last) => VipAddress.Parse($"10.0.0.{last}");

    private static Planned Judged(PlacementPlan plan, PlacementProblem problem)
    {
        var verdict = ProtectionProof.Check(problem, plan.Assignments);
        return new Planned(problem, plan, verdict, Certificate.Compute(problem, plan), verdict.Holds ? null : Bounds.Shortage(problem));
    }

    private static string Text(Planned planned) => JsonSerializer.Serialize(PlanDocument.From(planned, null), PlacementJson.Default.PlanDocument);
}
