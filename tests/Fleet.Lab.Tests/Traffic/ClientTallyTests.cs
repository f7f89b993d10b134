using Fleet.Lab.Traffic;

namespace Fleet.Lab.Tests.Traffic;

public sealed class ClientTallyTests
{
    [Fact]
    public void Window_has_what_was_seen_since_the_last()
    {
        var tally = new ClientTally("client-1");
        for (var i = 1; i <= 100; i++)
            tally.Add(i <= 75 ? "adc-1" : "adc-2", TimeSpan.FromMilliseconds(i), "");
        tally.Add(null, TimeSpan.FromSeconds(1), "no answer in time");
        var window = tally.Take(TimeSpan.FromSeconds(1));
        (window.Ok, window.Failed, window.P50Ms, window.P99Ms).ShouldBe((100, 1, 51, 100));
        window.Nodes.ShouldBe(new SortedDictionary<string, int> { ["adc-1"] = 75, ["adc-2"] = 25 });
        window.ToString().ShouldBe("client-1           101       1    51.00   100.00  adc-1 75%, adc-2 25%  (1 x no answer in time)");
        tally.Take(TimeSpan.FromSeconds(1)).ShouldSatisfyAllConditions(
            next => (next.Ok, next.Failed, next.P50Ms).ShouldBe((0, 0, 0)),
            next => next.ToString().ShouldBe("client-1             0       0     0.00     0.00"));
    }

    [Fact]
    public void Line_of_a_client_is_read_back()
    {
        var tally = new ClientTally("client-1");
        tally.Add("adc-1", TimeSpan.FromMilliseconds(2), "");
        var line = tally.Take(TimeSpan.FromSeconds(1)).ToJson();
        TrafficWindow.Read(line).ShouldNotBeNull().ToJson().ShouldBe(line);
        TrafficWindow.Read("something else").ShouldBeNull();
    }
}
