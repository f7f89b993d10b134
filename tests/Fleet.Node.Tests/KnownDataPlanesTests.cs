using System.Text.Json;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests;

public sealed class KnownDataPlanesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-planes-");

    [Fact]
    public void Every_kind_is_chosen_by_the_word_that_its_data_plane_is_called_by()
    {
        var reference = ConfigDocument.ReferenceText.Split('\n');
        var described = reference[Array.IndexOf(reference, "    data-plane = relay") - 1];
        foreach (var kind in Enum.GetValues<DataPlaneKind>())
        {
            var word = JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());
            var config = FleetConfig.Load(
                null, [$"fleet.node.data-plane={word}", $"fleet.node.data=\"{_folder.FullName}\""], new HoconFiles(), _ => null);
            config.Errors.ShouldBeEmpty();
            var settings = config.Value!.Node;
            settings.DataPlane.ShouldBe(kind);
            using var driver = KnownDataPlanes.Create(settings, "a", MonotonicClock.System, NullLoggerFactory.Instance);
            driver.Plane.Capabilities.Name.ShouldBe(word);
            described.ShouldContain(word, Case.Sensitive, "what hocon/reference.conf says above data-plane");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
