using Fleet.Coordinator.Control;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Model;
using Fleet.Testing;

namespace Fleet.Coordinator.Tests.Projections;

public sealed class ProjectionStatusTests
{
    private static readonly DateTimeOffset Begun = DateTimeOffset.UnixEpoch;

    private readonly RecentEvents _events = new();
    private readonly ProjectionStatus _status = new() { IsOn = true, Revision = 1, Error = "PostgreSQL: connection refused" };

    public ProjectionStatusTests()
    {
        for (var revision = 1; revision <= 3; revision++)
            _events.Record(new JournalEntry(revision, 1, Begun + TimeSpan.FromSeconds(revision), Build.By, []));
    }

    [Fact]
    public void Read_model_that_is_behind_for_more_than_ten_seconds_is_a_problem_that_says_why()
    {
        Problems(TimeSpan.FromSeconds(12)).ShouldBeEmpty();
        Runbook.Shows("database-lost-status", Problems(TimeSpan.FromSeconds(13)).ShouldHaveSingleItem());
    }

    [Fact]
    public void Read_model_that_has_everything_is_no_problem_however_long_ago_that_was()
    {
        _status.Revision = 3;
        Problems(TimeSpan.FromHours(1)).ShouldBeEmpty();
    }

    private IEnumerable<string> Problems(TimeSpan at) => _status.Problems(new MapVersion(1, 3), _events, Begun + at);
}
