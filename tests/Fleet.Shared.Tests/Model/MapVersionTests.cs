using Fleet.Shared.Model;

namespace Fleet.Shared.Tests.Model;

public sealed class MapVersionTests
{
    [Theory]
    [InlineData(1, 9, 2, 1)]
    [InlineData(1, 9, 2, 9)]
    [InlineData(2, 1, 2, 2)]
    public void Term_counts_before_the_revision(long term, long revision, long laterTerm, long laterRevision)
    {
        var (earlier, later) = (new MapVersion(term, revision), new MapVersion(laterTerm, laterRevision));
        (earlier < later && earlier <= later && later > earlier && later >= earlier).ShouldBeTrue();
        (later < earlier || later <= earlier || earlier > later || earlier >= later).ShouldBeFalse();
    }

    [Fact]
    public void Same_version_is_neither_earlier_nor_later()
    {
        var version = new MapVersion(2, 5);
        version.CompareTo(new MapVersion(2, 5)).ShouldBe(0);
        (version > MapVersion.None).ShouldBeTrue();
    }
}
