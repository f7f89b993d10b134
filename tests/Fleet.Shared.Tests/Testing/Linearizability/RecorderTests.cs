using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Testing.Linearizability;
using static Fleet.Shared.Tests.Testing.Linearizability.Script;

namespace Fleet.Shared.Tests.Testing.Linearizability;

public sealed class RecorderTests
{
    private readonly Recorder _recorder = new();

    [Fact]
    public void Calls_are_in_the_order_of_asking_with_what_was_answered()
    {
        var second = _recorder.Invoke("op-2", Operation.Read, 20);
        var first = _recorder.Invoke("op-1", Apply("a", "x"), 10);
        _recorder.Return(second, Saw(1, ""), 25);
        _recorder.Unknown(first, until: 30);
        _recorder.Invoke("op-1", Remove("a"), 40);
        _recorder.History.Calls.Select(call => (call.Operator, call.Invoked.Micros, call.Returned.Micros, call.IsOpen)).ShouldBe(
            [("op-1", 10, 30, true), ("op-2", 20, 25, false), ("op-1", 40, long.MaxValue, true)]);
    }

    [Fact]
    public void Operator_asks_one_thing_at_a_time()
    {
        _recorder.Invoke("op-1", Operation.Read, 0);
        Should.Throw<InvalidOperationException>(() => _recorder.Invoke("op-1", Operation.Read, 1))
            .Message.ShouldContain("still waits for the answer to #0");
    }

    [Fact]
    public void Answer_comes_once()
    {
        var token = _recorder.Invoke("op-1", Apply("a", "x"), 0);
        _recorder.Return(token, Done(2), 1);
        Should.Throw<InvalidOperationException>(() => _recorder.Unknown(token));
    }

    [Fact]
    public void Answer_comes_after_the_question_and_fits_it()
    {
        var token = _recorder.Invoke("op-1", Apply("a", "x"), 10);
        Should.Throw<ArgumentOutOfRangeException>(() => _recorder.Return(token, Done(2), 9));
        Should.Throw<ArgumentException>(() => _recorder.Return(token, Saw(1, ""), 11));
    }

    [Fact]
    public void Map_is_seen_whole()
    {
        var map = FleetMap.Empty with
        {
            Version = V(7),
            Services = FleetMap.Empty.Services.Add(ServiceName.Parse("a"), Build.Service("a")),
            Nodes = FleetMap.Empty.Nodes.Add(NodeName.Parse("adc-1"), Build.Node("adc-1", NodeIntent.Draining)),
        };
        var sight = Observation.From(map, service => $"{service.Listeners.Length} listeners", _ => "p");
        sight.Version.ShouldBe(V(7));
        Of(Item.For(ServiceName.Parse("a"))).ShouldBe("1 listeners");
        Of(Item.For(NodeName.Parse("adc-1"))).ShouldBe("draining");
        Of(Item.Policy).ShouldBe("p");
        Of(Item.For(ServiceName.Parse("b"))).ShouldBeNull();
        Observation.From(map, _ => "").TryValue(Item.Policy, out _).ShouldBeFalse();

        string? Of(Item item) => sight.TryValue(item, out var value) ? value : throw new ShouldAssertException($"{item} was not seen.");
    }

    [Fact]
    public void Explanation_is_readable()
    {
        var script = new Script()
            .Do("op-1", 0, 10, Apply("a", "x"), Done(2))
            .Lost("op-2", 15, Apply("a", "z"))
            .Do("op-1", 1200, 1300, Apply("a", "y", V(2)), Done(3))
            .Read("op-3", 1400, 1500, Saw(4, "a=x"));
        HistoryChecker.Check(script.History).ToString().ShouldBe("""
            No order of these calls explains what was answered about service a.
              #0  op-1  [0 .. 10]       set service a = x            done at 1.2
              #2  op-1  [1200 .. 1300]  set service a = y if at 1.2  done at 1.3
              #3  op-3  [1400 .. 1500]  read                         saw service a = x at 1.4
            The longest order that does is #0, #2; what follows does not fit: service a = y at revision 3.
            """);
    }
}
