using Fleet.Node.Control;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Control;

public sealed class AgentIdentityTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-identity").FullName;
    private int _drawn;

    [Fact]
    public void Host_stays_the_same_and_every_run_is_later_though_the_clock_was_set_back()
    {
        var first = Take(Noon);
        var second = Take(Noon.AddHours(-5));
        var third = Take(Noon.AddSeconds(1));
        (second.Host, third.Host).ShouldBe((first.Host, first.Host));
        second.Incarnation.ShouldBe(new Incarnation(first.Incarnation.Value + 1));
        third.Incarnation.ShouldBeGreaterThan(second.Incarnation);
        _drawn.ShouldBe(1);
    }

    [Fact]
    public void Other_folder_is_another_host()
    {
        var here = Take(Noon);
        Directory.Delete(_folder, recursive: true);
        Take(Noon).Host.ShouldNotBe(here.Host);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host0")]
    [InlineData("host0 -4")]
    [InlineData("host0 9223372036854775807")]
    [InlineData("ho/st 4")]
    [InlineData("host0 4 4")]
    public void File_that_cannot_be_read_makes_this_a_new_host_and_is_replaced(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "identity"), text);
        var mine = Take(Noon);
        mine.Host.ShouldBe("host1");
        Take(Noon).Host.ShouldBe("host1");
    }

    [Fact]
    public void Disk_that_takes_nothing_does_not_keep_the_agent_from_starting()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "identity.new"));
        var first = Take(Noon);
        Take(Noon.AddSeconds(1)).Incarnation.ShouldBeGreaterThan(first.Incarnation);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private AgentIdentity Take(DateTimeOffset wall) =>
        AgentIdentity.Take(_folder, new LocalDisk(), wall, () => $"host{++_drawn}", NullLogger.Instance);
}
