using Fleet.Coordinator.Backends;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Backends;

public sealed class VerdictMajorityTests
{
    private static readonly Instant Now = new(60_000_000);
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(10);

    /// <summary>Each letter is one prober: <c>u</c>p, <c>d</c>own, <c>?</c> unknown; capitals are too old.</summary>
    [Theory]
    [InlineData("uud", Verdict.Down, Verdict.Up)]
    [InlineData("udd", Verdict.Up, Verdict.Down)]
    [InlineData("u??", Verdict.Down, Verdict.Up)]
    [InlineData("ud", Verdict.Up, Verdict.Up)]
    [InlineData("ud?", Verdict.Down, Verdict.Down)]
    [InlineData("ud", Verdict.Unknown, Verdict.Unknown)]
    [InlineData("???", Verdict.Up, Verdict.Up)]
    [InlineData("", Verdict.Down, Verdict.Down)]
    [InlineData("UUd", Verdict.Up, Verdict.Down)]
    [InlineData("DDD", Verdict.Up, Verdict.Up)]
    public void Majority_of_those_that_know_and_are_heard_decides_and_a_tie_keeps_what_was(string words, Verdict old, Verdict expected) =>
        VerdictMajority.Combine(old, words.Select(Word), Now, AgeMax).ShouldBe(expected);

    [Fact]
    public void Verdict_counts_up_to_its_age_limit_and_not_beyond()
    {
        var last = new ProberVerdict(new NodeName("adc-1"), Verdict.Up, Now - AgeMax);
        VerdictMajority.Combine(Verdict.Down, [last], Now, AgeMax).ShouldBe(Verdict.Up);
        VerdictMajority.Combine(Verdict.Down, [last], Now + TimeSpan.FromMilliseconds(1), AgeMax).ShouldBe(Verdict.Down);
    }

    private static ProberVerdict Word(char letter, int index) => new(
        new NodeName($"adc-{index}"),
        char.ToLowerInvariant(letter) switch { 'u' => Verdict.Up, 'd' => Verdict.Down, _ => Verdict.Unknown },
        Now - (char.IsUpper(letter) ? AgeMax + AgeMax : TimeSpan.FromSeconds(1)));
}
