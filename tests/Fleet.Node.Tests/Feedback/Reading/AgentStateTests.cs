using System.Text;
using Fleet.Node.Feedback.Reading;

namespace Fleet.Node.Tests.Feedback.Reading;

/// <summary>What is left of a weight, answer by answer; <c>.</c> is no answer.</summary>
public sealed class AgentStateTests
{
    [Theory]
    [InlineData("100% 50% 50%", "100 55 50", "asked every second, a halving shows")]
    [InlineData("20%", "20", "the first answer counts as it is")]
    [InlineData("ready", "100", "an agent may speak of its state alone")]
    [InlineData("drain 80% ready,80%", "0 0 80", "what drains goes on draining until it is ready")]
    [InlineData("60% maint ready", "60 0 60", "a state does not touch the percentage")]
    [InlineData("60% down up,40%", "60 0 40", "back from nothing it begins where it says it is")]
    [InlineData("down ready up", "0 0 100", "ready is not up")]
    [InlineData("50% . .", "50 50 50", "an agent that falls silent is believed")]
    [InlineData("50% junk maxconn:3", "50 50 50", "nothing is said of the weight")]
    [InlineData(".", "-", "nothing is known")]
    public void Words_leave_so_much(string answers, string left, string why)
    {
        var (state, now, seen) = (AgentState.Suspected, Build.At(5000), new List<string>());
        foreach (var answer in answers.Split(' '))
        {
            if (answer != ".")
                state = state.After(AgentWords.Read(Encoding.ASCII.GetBytes(answer)), now);
            now += TimeSpan.FromSeconds(1);
            seen.Add(state.Percent?.ToString() ?? "-");
        }

        string.Join(' ', seen).ShouldBe(left, why);
    }

    [Fact]
    public void One_odd_answer_among_many_hardly_counts()
    {
        var now = Build.At(0);
        var state = AgentState.Suspected;
        for (var i = 0; i < 20; i++)
            state = state.After(AgentWords.Read("80%"u8), now += TimeSpan.FromMilliseconds(100));
        state = state.After(AgentWords.Read("0%"u8), now += TimeSpan.FromMilliseconds(100));
        state.Percent.ShouldBe(63);
        state.After(AgentWords.Read("80%"u8), now + TimeSpan.FromMilliseconds(100)).Percent.ShouldBe(67);
    }
}
