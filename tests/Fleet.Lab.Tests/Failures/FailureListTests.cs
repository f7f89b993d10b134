using Fleet.Lab.Failures;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Tests.Failures;

public sealed class FailureListTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-failures-");

    [Fact]
    public void What_is_healed_is_no_longer_said_to_fail_and_the_rest_is()
    {
        var list = new FailureList(Path.Combine(_folder.FullName, "failures"));
        list.Sentences.ShouldBeEmpty();
        list.Add(Failed(FailureKind.Kill, "adc-1"), ["adc-1 is killed"]);
        list.Add(Failed(FailureKind.PowerOff, "adc-10"), ["adc-10 has no line", "adc-10 is killed"]);
        list.Add(Failed(FailureKind.Cut, "adc-1"), ["adc-1 is cut off"]);
        list.Remove("adc-1");
        list.Sentences.ShouldBe(["adc-10 has no line", "adc-10 is killed", "adc-1 is cut off"]);
        list.Remove(null);
        list.Sentences.ShouldBeEmpty();
        list.Remove("adc-1");
        _folder.GetFiles().ShouldBeEmpty();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Failure Failed(FailureKind kind, string place) => new(kind, place) { Shape = WireShape.Clear };
}
