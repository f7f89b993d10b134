using Fleet.Benchmarks.Storm.Judging;

namespace Fleet.Benchmarks.Storm.Tests;

/// <summary>The judges of commands, processes and memory: each finds what is put before it.</summary>
public sealed class JudgeTests
{
    private const string Node = "node adc-1";

    [Fact]
    public void An_acknowledged_command_that_is_not_there_is_lost()
    {
        var book = new CommandBook();
        book.Know(Node, "active");
        book.Acknowledge(Node, "draining");
        book.Check(Found("active")).ShouldBe([new LostCommand(Node, "draining", "active")]);
        book.Check(Found("active")).ShouldBeEmpty("it is lost once");
    }

    [Fact]
    public void An_acknowledged_command_for_a_target_that_vanished_is_lost()
    {
        var book = new CommandBook();
        book.Acknowledge(Node, "draining");
        book.Check(new Dictionary<string, string>()).ShouldBe([new LostCommand(Node, "draining", CommandBook.Gone)]);
    }

    [Fact]
    public void Of_a_command_whose_outcome_is_unknown_both_are_right_and_nothing_else()
    {
        foreach (var (found, lost) in new[] { ("active", 0), ("draining", 0), ("cordoned", 1) })
        {
            var book = new CommandBook();
            book.Know(Node, "active");
            book.Doubt(Node, "draining");
            book.IsOpen(Node).ShouldBeTrue();
            book.Check(Found(found)).Length.ShouldBe(lost, found);
            book.IsOpen(Node).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_command_that_was_overwritten_is_not_lost()
    {
        var book = new CommandBook();
        book.Acknowledge(Node, "draining");
        book.Acknowledge(Node, "active");
        book.Check(Found("active")).ShouldBeEmpty();
    }

    [Fact]
    public void A_process_that_nobody_ended_is_a_crash()
    {
        CrashJudge.Crashes([new EndedProcess("adc-1", 7, 134, WasTold: false), new EndedProcess("adc-2", 8, 137, WasTold: true)])
            .ShouldBe(["adc-1 (process 7) ended by itself with exit code 134"]);
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05.678Z crit: Fleet.Node.Control.AgentLoop[3] The loop has ended.", true)]
    [InlineData("Unhandled exception. System.InvalidOperationException: no", true)]
    [InlineData("   at X. Fleet.Shared.Model.InvariantBrokenException: two owners", true)]
    [InlineData("2026-01-02T03:04:05.678Z warn: Fleet.Node[0] The lease is over: let go of 3 VIPs.", false)]
    [InlineData("2026-01-02T03:04:05.678Z info: Fleet.Node[0] a critical service", false)]
    public void Logs_that_say_that_something_broke_are_alarms(string line, bool isAlarm) => CrashJudge.IsAlarm(line).ShouldBe(isAlarm);

    [Theory]
    [InlineData(100_000, 111_000, true)]
    [InlineData(100_000, 109_000, false)]
    [InlineData(100_000, 60_000, false)]
    public void Memory_that_grows_by_more_than_a_tenth_is_found(long before, long after, bool isTooMuch)
    {
        var growths = GrowthJudge.Growths(Looks(before, 200), Looks(after, 200));
        growths.Any(GrowthJudge.IsTooMuch).ShouldBe(isTooMuch);
        GrowthJudge.WorstRss(growths).ShouldBe((after - before) / (double)before);
    }

    [Fact]
    public void Files_that_are_never_closed_are_found_and_one_look_that_stands_out_is_not() =>
        GrowthJudge.Growths(Looks(100, 200), [.. Looks(100, 230), .. Looks(1000, 200)[..1]])
            .Where(GrowthJudge.IsTooMuch).Select(growth => growth.Figure).ShouldBe(["files"]);

    [Fact]
    public void A_process_that_is_another_one_by_now_is_not_compared() =>
        GrowthJudge.Growths(Looks(100, 200), [.. Looks(200, 200).Select(look => look with { Pid = 43 })]).ShouldBeEmpty();

    private static ProcessLook[] Looks(long rss, int files) => [.. Enumerable.Repeat(new ProcessLook("coordinator", 42, rss, 20, files, 10), 5)];

    private static Dictionary<string, string> Found(string value) => new() { [Node] = value };
}
