using Fleet.Benchmarks.Faults.Judging;

namespace Fleet.Benchmarks.Faults.Tests;

public sealed class RevisionJudgeTests
{
    [Theory]
    [InlineData(new long[] { 1, 2, 3 }, 3, 0)]
    [InlineData(new long[] { 1, 2, 3, 4 }, 3, 0)]
    [InlineData(new long[] { 1, 2 }, 3, 1)]
    [InlineData(new long[0], 3, 3)]
    [InlineData(new long[] { 2, 3 }, 3, 1)]
    [InlineData(new long[] { 1, 3 }, 3, 1)]
    [InlineData(new long[] { 1, 2, 2, 3 }, 3, 1)]
    [InlineData(new long[] { 1, 3, 2 }, 3, 3)]
    public void Revisions_that_are_missing_doubled_or_out_of_order_are_counted(long[] there, long newest, int wrong) =>
        RevisionJudge.Wrong(there, newest).ShouldBe(wrong);
}
