using System.Text;
using Fleet.Node.Feedback.Reading;

namespace Fleet.Node.Tests.Feedback.Reading;

/// <summary>What agents say.</summary>
public sealed class AgentWordsTests
{
    [Theory]
    [InlineData("75%", 75, null, null, null, 0)]
    [InlineData("75%\n", 75, null, null, null, 0)]
    [InlineData("0%\r\n", 0, null, null, null, 0)]
    [InlineData("250%", 100, null, null, null, 0)]
    [InlineData("99999999999999%", 100, null, null, null, 0)]
    [InlineData("up", null, true, null, null, 0)]
    [InlineData("ready", null, null, true, null, 0)]
    [InlineData("drain", null, null, false, null, 0)]
    [InlineData("maint", null, null, false, null, 0)]
    [InlineData("down", null, false, null, null, 0)]
    [InlineData("stopped", null, false, null, null, 0)]
    [InlineData("fail", null, false, null, null, 0)]
    [InlineData("failed#disk is full 75%", null, false, null, null, 0)]
    [InlineData("maxconn:30", null, null, null, 30, 0)]
    [InlineData("UP Ready\t50%,maxconn:7\nignored 3%", 50, true, true, 7, 0)]
    [InlineData("up down", null, false, null, null, 0)]
    [InlineData("", null, null, null, null, 0)]
    [InlineData("\n75%", null, null, null, null, 0)]
    [InlineData("75", null, null, null, null, 1)]
    [InlineData("-5% +5% 5.5% % maxconn: maxconn:x 5%%", null, null, null, null, 7)]
    [InlineData("GET / HTTP/1.1", null, null, null, null, 3)]
    [InlineData("junk 40% more", 40, null, null, null, 2)]
    public void Answer_is_read(string answer, int? percent, bool? up, bool? ready, int? connections, int unknown) =>
        AgentWords.Read(Encoding.Latin1.GetBytes(answer)).ShouldBe(new AgentWords(percent, up, ready, connections, unknown));

    [Fact]
    public void Octets_of_no_text_are_counted_and_never_fail()
    {
        var random = new Random(9777);
        for (var i = 0; i < 20_000; i++)
        {
            var junk = new byte[random.Next(400)];
            random.NextBytes(junk);
            AgentWords.Read(junk).Unknown.ShouldBeGreaterThanOrEqualTo(0);
        }

        AgentWords.Read(Encoding.ASCII.GetBytes(new string('x', 100_000))).Unknown.ShouldBe(2);
    }
}
