using Fleet.Lab.Rendering;
using Fleet.Lab.Topology;
using Fleet.Testing;

namespace Fleet.Lab.Tests.Rendering;

/// <summary>What is typed to build a lab, to the letter.</summary>
public sealed class LabPlanTests
{
    private static readonly ExampleSize Small = new(1, 2, 1, 1);

    [Fact]
    public void One_site() => Golden.Match("one-site.txt", LabPlan.Of(Examples.Find(Examples.OneSite, "lab", Small)!).ToString());

    [Fact]
    public void Two_sites() => Golden.Match("two-sites.txt", LabPlan.Of(Examples.Find(Examples.TwoSites, "lab", Small)!).ToString());

    [Fact]
    public void Racks_and_capped_links()
    {
        var topology = Examples.Find(Examples.Racks, "lab", Small)!;
        topology = topology with
        {
            Hosts = [.. topology.Hosts.Select(host => host.Kind == HostKind.Node ? host with { CapMbit = 88 } : host)],
        };
        Golden.Match("racks-and-caps.txt", LabPlan.Of(topology).ToString());
    }

    [Fact]
    public void Names_of_links_fit_the_kernel()
    {
        var topology = new LabTopology
        {
            Name = "lab",
            Sites = [new LabSite("thirteenchars") { RackSwitches = ["twelve-chars"] }],
            Hosts = [new LabHost("thirteen-host", HostKind.Node, "thirteenchars") { Rack = "twelve-chars" }],
        };
        TopologyRules.Problems(topology).ShouldBeEmpty();
        var names = Lines(topology).SelectMany(line => line.Split(' ').Zip(line.Split(' ').Skip(1)))
            .Where(words => words.First is "dev" or "name" or "master").Select(words => words.Second).ToArray();
        names.ShouldContain("thirteen-host.c");
        names.ShouldAllBe(name => name.Length <= 15);
    }

    /// <summary>What is added on the other side of a line lands in a namespace of the same lab; everything else stays where it is typed.</summary>
    [Fact]
    public void Everything_happens_in_namespaces_of_the_lab()
    {
        var topology = Examples.Find(Examples.Racks, "mine")!;
        var plan = LabPlan.Of(topology);
        plan.Namespaces.ShouldAllBe(each => each.Name.StartsWith("mine-"));
        var own = plan.Namespaces.Select(each => each.Name).ToArray();
        plan.Stages.SelectMany(stage => stage).ShouldAllBe(script => own.Contains(script.Namespace));
        Lines(topology).Where(line => line.Contains(" netns ")).Select(line => line.Split(" netns ")[1]).ShouldAllBe(name => own.Contains(name));
    }

    [Fact]
    public void Every_namespace_is_marked_as_the_labs()
    {
        var plan = LabPlan.Of(Examples.Find(Examples.TwoSites, "mine")!);
        plan.Stages.SelectMany(stage => stage).Where(script => script.Lines.Contains("link set dev lo alias \"fleet lab mine\""))
            .Select(script => script.Namespace).Order().ShouldBe(plan.Namespaces.Select(each => each.Name).Order());
    }

    private static IEnumerable<string> Lines(LabTopology topology) =>
        LabPlan.Of(topology).Stages.SelectMany(stage => stage).SelectMany(script => script.Lines);
}
