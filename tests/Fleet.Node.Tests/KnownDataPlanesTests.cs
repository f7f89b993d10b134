using Fleet.Node.DataPlanes;
using Fleet.Node.Tests.Vips.Networks;
using Fleet.Shared.Config;
using Fleet.Shared.Json;
using Fleet.Shared.Shell;
using Fleet.Testing.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests;

[NeedsNetwork]
public sealed class KnownDataPlanesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-planes-");

    [ContractFact]
    public void Every_kind_is_chosen_by_the_word_that_its_data_plane_is_called_by()
    {
        using var lan = new Lan();
        foreach (var kind in Enum.GetValues<DataPlaneKind>())
        {
            using var driver = Driver(lan, Kebab.Word(kind), "linux");
            driver.Plane.Capabilities.Name.ShouldBe(Kebab.Word(kind));
            Described("    data-plane = relay", lines: 2).ShouldContain(Kebab.Word(kind), Case.Sensitive,
                "what reference.conf says above data-plane");
        }
    }

    [ContractFact]
    public void Every_holder_of_vips_is_chosen_by_its_word_and_only_linux_touches_the_host()
    {
        using var lan = new Lan();
        foreach (var kind in Enum.GetValues<VipsKind>())
        {
            using var driver = Driver(lan, "relay", Kebab.Word(kind));
            driver.GetType().Name.ShouldBe(kind is VipsKind.Linux ? nameof(HostVipsDriver) : "RelayDriver");
            Described("    vips = relay", lines: 2).ShouldContain(Kebab.Word(kind), Case.Sensitive, "what hocon/reference.conf says above vips");
            lan.NodeA.Run("nft", "", "list", "tables").Contains("fleet-vips", StringComparison.Ordinal).ShouldBe(kind is VipsKind.Linux);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Described(string line, int lines)
    {
        var reference = ConfigDocument.ReferenceText.Split('\n');
        return string.Join(' ', reference[(Array.IndexOf(reference, line) - lines)..Array.IndexOf(reference, line)]);
    }

    private IPlaneDriver Driver(Lan lan, string dataPlane, string vips)
    {
        var config = FleetConfig.Load(
            null,
            [
                $"fleet.node.data-plane={dataPlane}", $"fleet.node.vips={vips}", $"fleet.node.linux.interface={Lan.Interface}",
                $"fleet.node.data=\"{_folder.FullName}\"",
            ],
            new HoconFiles(),
            _ => null);
        config.Errors.ShouldBeEmpty();
        Kebab.Word(config.Value!.Node.DataPlane).ShouldBe(dataPlane);
        return lan.NodeA.Run(() => KnownDataPlanes.Create(config.Value.Node, "a", MonotonicClock.System, NullLoggerFactory.Instance));
    }
}
