using Fleet.Placement.Documents;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Documents;

public sealed class ProblemTextTests
{
    /// <summary>As other programs write it: whole numbers with a fraction or an exponent, what may be left out left out.</summary>
    private const string Plain = """
        {"protection":{"nodes":2,"domains":1,"utilisation-max":0.9},
         "nodes":[{"name":"b","site":"s","domain":"r2","capacity-bps":8.8e10,"state":"draining"},
                  {"name":"a","site":"s","domain":"r1","capacity-bps":88000000000.0}],
         "vips":[{"address":"10.0.0.2","service":"web","site":"s","demand-bps":1.5,"owner":"b","standbys":["a","b","a"]},
                 {"address":"10.0.0.1","service":"web","demand-bps":4000000000,"owner":null}]}
        """;

    [Fact]
    public void Text_as_other_programs_write_it_is_understood()
    {
        var problem = Sound(Plain);
        problem.Protection.ShouldBe(new Protection(2, 1, 0.9));
        problem.Policy.ShouldBe(PlacementPolicy.Default);
        problem.Nodes.Select(node => (node.Name.Value, node.Capacity.Bps, node.State))
            .ShouldBe([("b", 88_000_000_000, PlanNodeState.Draining), ("a", 88_000_000_000, PlanNodeState.Up)]);
        problem.Nodes.ShouldAllBe(node => node.Capacity.Cps == PlanNode.Unbounded && node.Segment == null);
        problem.Vips[0].Demand.ShouldBe(new Load(2), "demand is rounded up");
        problem.Vips[0].Standbys.ShouldBe([new NodeName("a")], "nobody stands by for himself, or twice");
        problem.Vips[1].Owner.ShouldBeNull();
        problem.Vips[1].Site.ShouldBeNull();
    }

    [Fact]
    public void Extras_are_understood()
    {
        var problem = Sound("""
            {"placement":{"balance-band":0.1,"share-max":0.2},
             "nodes":[{"name":"a","site":"s","domain":"r","segment":"vlan7","capacity-bps":10,"capacity-cps":500,"state":"cordoned"}],
             "vips":[{"address":"fd00::1","service":"web","segment":"vlan7","demand-bps":1,"demand-cps":3}]}
            """);
        problem.Protection.ShouldBe(Protection.Default);
        (problem.Policy.BalanceBand, problem.Policy.ShareMax).ShouldBe((0.1, 0.2));
        problem.Nodes[0].Capacity.ShouldBe(new Load(10, 500));
        (problem.Nodes[0].Segment, problem.Vips[0].Segment).ShouldBe(("vlan7", "vlan7"));
        problem.Vips[0].Demand.ShouldBe(new Load(1, 3));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var text = ProblemText.Write(Sound(Plain));
        ProblemText.Write(Sound(text)).ShouldBe(text);
        text.ShouldBe("""
            {"protection":{"nodes":2,"domains":1,"utilisation-max":0.9},"placement":{"balance-band":0.02,"share-max":0.05},
            "nodes":[{"name":"a","site":"s","domain":"r1","capacity-bps":88000000000,"state":"up"},
            {"name":"b","site":"s","domain":"r2","capacity-bps":88000000000,"state":"draining"}],
            "vips":[{"address":"10.0.0.1","service":"web","demand-bps":4000000000,"owner":null},
            {"address":"10.0.0.2","service":"web","site":"s","demand-bps":2,"owner":"b","standbys":["a"]}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public void Order_of_the_lists_does_not_matter_to_what_is_written()
    {
        var problem = Sound(Plain);
        ProblemText.Write(problem with { Nodes = [.. problem.Nodes.Reverse()], Vips = [.. problem.Vips.Reverse()] })
            .ShouldBe(ProblemText.Write(problem));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_each_with_its_place_and_what_is_allowed()
    {
        var reading = ProblemText.Read("""
            {"protection":{"nodes":5,"utilisation-max":1.2},
             "placement":{"share-max":0},
             "nodes":[{"name":"adc-1","site":"s","domain":"r","capacity-bps":10,"state":"broken"},{"name":"adc-1","site":"","capacity-bps":-1},null],
             "vips":[{"address":"10.0.0.300","service":"web","demand-bps":-3,"owner":"adc-2"},{"address":"10.0.0.1","demand-bps":1},
                     {"address":"10.0.0.1","service":"web","standbys":["nobody"]}]}
            """);
        reading.Problem.ShouldBeNull();
        reading.Mistakes.ShouldBe(
        [
            "protection.nodes: 5 is not allowed; it must be from 0 to 4.",
            "protection.utilisation-max: 1.2 is not allowed; it must be from 0.01 to 1.",
            "placement.share-max: 0 is not allowed; it must be from 0.001 to 1.",
            "nodes[0].state: 'broken' is no state; allowed are up, cordoned, draining, down.",
            "nodes[1].name: 'adc-1' is the name of nodes[0] already.",
            "nodes[1].site is empty: a name is needed.",
            "nodes[1].domain is missing: a name is needed.",
            "nodes[1].capacity-bps: -1 is not allowed; it must be from 0 to 144115188075855871.",
            "nodes[2] is null: a node is an object.",
            "nodes[2].name is missing: a name is needed.",
            "nodes[2].site is missing: a name is needed.",
            "nodes[2].domain is missing: a name is needed.",
            "nodes[2].capacity-bps is missing: a number of at least 0 is needed.",
            "vips[0].owner: 'adc-2' is not a node; did you mean adc-1?",
            "vips[0].address: '10.0.0.300' is not an IP address.",
            "vips[0].demand-bps: -3 is not allowed; it must be from 0 to 144115188075855871.",
            "vips[1].service is missing: a name is needed.",
            "vips[2].standbys[0]: 'nobody' is not a node.",
            "vips[2].address: 10.0.0.1 is the address of vips[1] already.",
            "vips[2].demand-bps is missing: a number of at least 0 is needed.",
        ]);
    }

    [Theory]
    [InlineData(
        "",
        "line 1, column 1: this is not JSON: The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when "
        + "isFinalBlock is true.")]
    [InlineData("{\"nodes\":[\n  {\"name\" 7}]}", "line 2, column 11: this is not JSON: '7' is invalid after a property name. Expected a ':'.")]
    [InlineData("null", "null is no problem: an object with nodes and vips is.")]
    [InlineData("[]", "line 1, column 2: an object with nodes and vips was expected.")]
    [InlineData("{\"nodes\":[{\"capacity-bps\":\"88Gbps\"}]}", "line 1, column 35: nodes[0].capacity-bps must be a number.")]
    [InlineData("{\"nodes\":[{\"capacity-bps\":1e99}]}", "line 1, column 31: nodes[0].capacity-bps must be a number.")]
    [InlineData("{\"nodes\":[7]}", "line 1, column 12: nodes[0] must be an object.")]
    [InlineData("{\"nodes\":{}}", "line 1, column 11: nodes must be a list of objects.")]
    [InlineData("{\"protection\":{\"nodes\":1.5}}", "line 1, column 27: protection.nodes must be a whole number.")]
    [InlineData("{\"vips\":[{\"standbys\":[3]}]}", "line 1, column 24: vips[0].standbys[0] must be a name.")]
    [InlineData("{\"vips\":[{\"owner\":{}}]}", "line 1, column 20: vips[0].owner must be a text.")]
    public void Text_that_cannot_be_read_says_where(string text, string mistake) => ProblemText.Read(text).Mistakes.ShouldBe([mistake]);

    [Fact]
    public void Empty_lists_are_a_problem_missing_ones_a_mistake()
    {
        Sound("""{"nodes":[],"vips":[]}""").Vips.ShouldBeEmpty();
        ProblemText.Read("{}").Mistakes.Length.ShouldBe(2);
    }

    [Fact]
    public void Demands_that_would_overflow_a_sum_are_refused()
    {
        const long half = (long.MaxValue / 128) + 1;
        var reading = ProblemText.Read($$"""
            {"nodes":[],"vips":[{"address":"10.0.0.1","service":"s","demand-bps":{{half}}},
                {"address":"10.0.0.2","service":"s","demand-bps":{{half}}}]}
            """);
        reading.Mistakes.Single().ShouldStartWith("vips: their demand-bps add up to 144115188075855872");
    }

    [Fact]
    public void What_means_nothing_is_left_aside_with_a_remark()
    {
        var reading = ProblemText.Read(
            """{"nodes":[{"name":"a","site":"s","domain":"r","capacity-bps":1,"stat":"down"}],"vips":[],"comment":"hello"}""");
        reading.Problem.ShouldNotBeNull();
        reading.Remarks.ShouldBe(
            ["comment means nothing here and was left aside.", "nodes[0].stat means nothing here and was left aside; did you mean state?"]);
    }

    private static PlacementProblem Sound(string text)
    {
        var reading = ProblemText.Read(text);
        reading.Mistakes.ShouldBeEmpty();
        reading.Remarks.ShouldBeEmpty();
        return reading.Problem.ShouldNotBeNull();
    }
}
