using Fleet.Lab.Configs;
using Fleet.Lab.Topology;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;
using Fleet.Testing;

namespace Fleet.Lab.Tests.Configs;

public sealed class FleetConfTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-lab-conf-").FullName;

    public static TheoryData<string> ExampleNames => [.. Examples.Names];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Configuration_of_two_sites() => Golden.Match(
        "two-sites.conf",
        FleetConf.Render(Examples.Find(Examples.TwoSites, "lab", new ExampleSize(2, 2, 2, 2))! with { VipsPerSite = 3, Vips6PerSite = 2 }));

    [Theory]
    [MemberData(nameof(ExampleNames))]
    public void Fleets_programs_take_it_as_it_is(string example)
    {
        var topology = Examples.Find(example, "lab")!;
        var plan = new AddressPlan(topology);
        var file = Path.Combine(_folder, "fleet.conf");
        File.WriteAllText(file, FleetConf.Render(topology));
        foreach (var node in topology.Of(HostKind.Node))
        {
            var sets = NodeArguments.Of(node, plan, file, _folder).Skip(2).Where(argument => argument != "--set");
            var loaded = FleetConfig.Load(file, sets, new HoconFiles(), _ => null);
            loaded.Errors.ShouldBeEmpty(string.Join('\n', loaded.Errors));
            loaded.Value!.Node.Name.ToString().ShouldBe(node.Name);
        }
    }
}
