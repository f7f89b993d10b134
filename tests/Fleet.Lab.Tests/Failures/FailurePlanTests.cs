using System.Collections.Immutable;
using Fleet.Lab.Failures;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Tests.Failures;

public sealed class FailurePlanTests
{
    private static readonly LabTopology Topology = Examples.Find(Examples.Racks, "lab")!;

    [Theory]
    [InlineData(FailureKind.Kill, "SIGKill to everything on adc-1")]
    [InlineData(FailureKind.Stop, "SIGStop to everything on adc-1")]
    [InlineData(FailureKind.Cont, "SIGContinue to everything on adc-1")]
    [InlineData(FailureKind.LinkDown, "port adc-1 of dc1 down; port adc-1.c of dc1 down")]
    [InlineData(FailureKind.LinkUp, "port adc-1 of dc1 up; port adc-1.c of dc1 up")]
    [InlineData(FailureKind.ServiceDown, "port adc-1 of dc1 down")]
    [InlineData(FailureKind.ControlDown, "port adc-1.c of dc1 down")]
    [InlineData(FailureKind.PowerOff, "port adc-1 of dc1 down; port adc-1.c of dc1 down; SIGKill to everything on adc-1")]
    [InlineData(FailureKind.Cut, "adc-1 <-> all: 0 ms, 100% lost")]
    internal void Node_fails_as_it_is_told(FailureKind kind, string done) => Text(Of(kind, "adc-1")).ShouldBe(done);

    [Fact]
    public void Switch_of_a_rack_takes_all_its_lines_down_and_no_other()
    {
        var done = Of(FailureKind.RackDown, "rack-2").Select(action => action.ToString()!).ToArray();
        string[] ports = ["rack-2.sd", "rack-2.su", "rack-2.cd", "rack-2.cu", "adc-2", "adc-2.c", "adc-4", "adc-4.c"];
        done.ShouldBe(ports.Select(port => $"port {port} of dc1 down"));
        Text(FailurePlan.Heal("rack-2", Topology).Actions).ShouldBe(string.Join("; ", done.Select(each => each.Replace("down", "up"))));
    }

    [Fact]
    public void Only_some_programs_are_signalled() =>
        Text(FailurePlan.Of(Failure(FailureKind.Stop, "adc-1") with { Only = "haproxy" }, Topology).Actions).ShouldBe("SIGStop to haproxy on adc-1");

    [Fact]
    public void Line_of_a_coordinator_hangs_on_the_coordinators_switch() =>
        Text(Of(FailureKind.LinkDown, "coordinator-2")).ShouldBe("port coordinator-2 of control down");

    [Fact]
    public void Delay_is_for_both_ways_unless_said_otherwise()
    {
        var failure = Failure(FailureKind.Delay, "dc1") with { To = "coordinators", Shape = new WireShape { DelayMs = 20, JitterMs = 1 } };
        Text(FailurePlan.Of(failure, Topology).Actions).ShouldBe("dc1 <-> coordinators: 20 ms + 0-1 ms");
        Text(FailurePlan.Of(failure with { OneWay = true }, Topology).Actions).ShouldBe("dc1 -> coordinators: 20 ms + 0-1 ms");
    }

    [Theory]
    [InlineData(FailureKind.Kill, "adc-9", "there is no host adc-9")]
    [InlineData(FailureKind.Kill, "dc1", "there is no host dc1")]
    [InlineData(FailureKind.ControlDown, "client-1", "client-1 has no control line")]
    [InlineData(FailureKind.RackDown, "adc-1", "no rack adc-1 has a switch of its own; rack-1, rack-2 have")]
    [InlineData(FailureKind.Delay, "adc-9", "there is no 'adc-9'")]
    internal void What_is_not_there_cannot_fail(FailureKind kind, string place, string why)
    {
        var (actions, refusal) = FailurePlan.Of(Failure(kind, place), Topology);
        actions.ShouldBeEmpty();
        refusal.ShouldNotBeNull().ShouldStartWith(why);
    }

    [Fact]
    public void Loss_that_no_wire_has_is_refused() => FailurePlan.Of(
        Failure(FailureKind.Loss, "dc1") with { Shape = new WireShape { Loss = 2 } }, Topology).Refusal.ShouldNotBeNull().ShouldContain("0 to 1");

    [Fact]
    public void Healing_all_plugs_in_every_line_continues_every_host_resets_the_wire_and_starts_what_ended()
    {
        var done = FailurePlan.Heal(null, Topology).Actions.Select(action => action.ToString()!).ToArray();
        foreach (var host in Topology.Hosts)
        {
            done.ShouldContain($"port {host.Name} of {host.Site ?? "control"} up");
            done.ShouldContain($"SIGContinue to everything on {host.Name}");
            done.ShouldContain($"what has ended on {host.Name} is started again");
        }

        done.ShouldContain("wires as they were at the start");
        done.ShouldContain("port rack-1.su of dc1 up");
    }

    [Fact]
    public void What_is_not_there_cannot_be_healed() =>
        FailurePlan.Heal("adc-9", Topology).Refusal.ShouldBe("there is no host and no rack switch adc-9");

    private static Failure Failure(FailureKind kind, string place) => new(kind, place) { Shape = WireShape.Clear };

    private static ImmutableArray<LabAction> Of(FailureKind kind, string place)
    {
        var (actions, refusal) = FailurePlan.Of(Failure(kind, place), Topology);
        refusal.ShouldBeNull();
        return actions;
    }

    private static string Text(IEnumerable<LabAction> actions) => string.Join("; ", actions);
}
