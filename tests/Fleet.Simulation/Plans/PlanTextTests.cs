using System.Text;
using Fleet.Shared.Model;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Playing;
using Fleet.Testing;

namespace Fleet.Simulation.Plans;

public sealed class PlanTextTests
{
    /// <summary>For each type that a fault is made with: another value for each of its parts.</summary>
    private static readonly Dictionary<Type, object[]> Samples = new()
    {
        [typeof(string)] = ["adc-1", "coordinator"],
        [typeof(int)] = [3, -7],
        [typeof(double)] = [0.1, 1.0 / 3],
        [typeof(bool)] = [true, false],
        [typeof(TimeSpan)] = [TimeSpan.FromTicks(12_345_678_901), TimeSpan.FromHours(-48), TimeSpan.FromTicks(1)],
        [typeof(ServiceName)] = [new ServiceName("web")],
        [typeof(LeaseTerms)] = [new LeaseTerms(50, 200, 25)],
        [typeof(Service)] =
        [
            Build.Service("web", [.. Build.Vips(3), Build.Vip(9), .. Build.Vips(2, 300)]),
            Build.Service("web", Build.Vip(1)) with { Site = new SiteName("a b") },
        ],
    };

    public static TheoryData<string> Kinds => [.. FaultForm.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fault_is_read_as_it_was_written(string kind)
    {
        for (var variant = 0; variant < 3; variant++)
        {
            var at = TimeSpan.FromTicks(70_000_001 * variant);
            var fault = FaultForm.Make(FaultForm.Kinds[kind], at, parameter => Sample(parameter.ParameterType, variant));
            var line = FaultLine.Write(fault);
            var again = FaultLine.Read(line);
            FaultLine.Write(again).ShouldBe(line);
            again.Kind.ShouldBe(kind);
            if (fault is not Apply)
                again.ShouldBe(fault);
        }
    }

    [Fact]
    public void Null_and_usual_parts_are_left_out()
    {
        FaultLine.Write(new JumpClock(TimeSpan.FromSeconds(2), null, TimeSpan.FromHours(1))).Trim().ShouldBe("2s  jump-clock by=3600s");
        FaultLine.Write(new Join(TimeSpan.FromMilliseconds(2500), "adc-4")).Trim().ShouldBe("2.5s  join node=adc-4");
        FaultLine.Read("2.5s join node=adc-4 count=5").ShouldBe(new Join(TimeSpan.FromMilliseconds(2500), "adc-4", 5));
    }

    [Fact]
    public void Plans_of_seeds_are_read_as_they_were_written()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var plan = Swarm.Plan(seed, 2, [], null);
            var text = PlanText.Write(plan, "a remark");
            var again = PlanText.Read(text);
            PlanText.Write(again, "a remark").ShouldBe(text);
            again.Quiet.ShouldBe(plan.Quiet);
            again.Faults.Where(f => f is not Apply).ShouldBe(plan.Faults.Where(f => f is not Apply));
        }
    }

    [Fact]
    public void Plan_that_was_read_plays_the_same_world()
    {
        var plan = Swarm.Plan(17, 1, [], null);
        Trace(PlanText.Read(PlanText.Write(plan))).ShouldBe(Trace(plan));
    }

    [Fact]
    public void Plan_reads_well() => PlanText.Write(PlanText.Read(
        """
        # Why.
        seed 7
        nodes 3
        sites ams,fra
        policy.zone.hold-down-ms 2000
        policy.protection.nodes 2
        service web:10.0.0.1-10.0.0.4,10.0.0.9
        quiet 12s
            4s cut-off node=adc-2
            2.5s pause node=adc-2 for=250ms with-relay=true
        """)).ShouldBe(
        """
        seed 7
        nodes 3
        sites ams,fra
        policy.protection.nodes 2
        policy.zone.hold-down-ms 2000
        service web:10.0.0.1-10.0.0.4,10.0.0.9
        quiet 12s
                2.5s  pause node=adc-2 for=250ms with-relay=true
                  4s  cut-off node=adc-2

        """);

    [Theory]
    [InlineData("nodes 3\nquiet 9s\n1s kil node=adc-1", "line 3: there is no fault 'kil'")]
    [InlineData("nodes 3\nquiet 9s\n1s kill", "line 3: kill lacks 'node='")]
    [InlineData("nodes 3\nquiet 9s\n1s kill node=adc-1 for=2s", "line 3: kill has no 'for'")]
    [InlineData("nodes 3\nquiet 9s\n1s pause node=adc-1 for=2 with-relay=true", "line 3: '2' is no time")]
    [InlineData("nodes 3\nquiet 9s\n1 kill node=adc-1", "line 3: '1' is no time")]
    [InlineData("nodes 3\nquiet 9s\n1s kill adc-1", "line 3: 'adc-1' is not NAME=VALUE")]
    [InlineData("nods 3", "line 1: there is no setting 'nods'")]
    [InlineData("nodes three", "line 1: 'three' is no number")]
    [InlineData("policy.protection 2", "line 1: there is no setting 'protection'")]
    [InlineData("policy.lease 50/200", "line 1: '50/200' is no lease-terms")]
    [InlineData("service web:10.0.0.9-10.0.0.1", "line 1: 'web:10.0.0.9-10.0.0.1' is no service")]
    [InlineData("nodes 3", "'quiet'")]
    [InlineData("quiet 9s", "'nodes'")]
    public void What_makes_no_sense_is_said_with_its_line(string text, string error) =>
        Should.Throw<FormatException>(() => PlanText.Read(text)).Message.ShouldContain(error);

    private static object Sample(Type type, int variant)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        Samples.ContainsKey(bare).ShouldBe(!bare.IsEnum, $"{nameof(Samples)} needs some of {bare}");
        var samples = bare.IsEnum ? [.. Enum.GetValues(bare).Cast<object>()] : Samples[bare];
        return samples[variant % samples.Length];
    }

    private static string Trace(FaultPlan plan)
    {
        var trace = new StringBuilder();
        Play.Run(plan, line => trace.Append(line).Append('\n'));
        return trace.ToString();
    }
}
