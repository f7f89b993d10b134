using Fleet.Placement.Generator;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests;

/// <summary>What the benchmark rests on: instances are what they are said to be.</summary>
public sealed class GeneratorTests
{
    private static readonly IReadOnlyList<Instance> Instances =
    [
        .. Enumerable.Range(0, 120).Select(InstanceClasses.Draw).Where(shape => shape.Nodes <= 100).Select(Instance.Create),
    ];

    [Fact]
    public void The_known_placement_holds()
    {
        foreach (var instance in Instances)
        {
            var verdict = ProtectionProof.Check(instance.Problem, instance.Known);
            verdict.Holds.ShouldBeTrue($"seed {instance.Shape.Seed}: {string.Join(' ', verdict.Broken)} {verdict.Worst}");
            verdict.Method.ShouldBe(ProofMethod.Exhaustive);
        }
    }

    [Fact]
    public void A_seed_gives_one_instance()
    {
        foreach (var instance in Instances.Take(20))
        {
            var again = Instance.Create(InstanceClasses.Draw(instance.Shape.Seed));
            again.Problem.Vips
                .Select(vip => (vip.Address, vip.Demand, vip.Owner))
                .ShouldBe(instance.Problem.Vips.Select(vip => (vip.Address, vip.Demand, vip.Owner)));
            again.Problem.Nodes.ShouldBe(instance.Problem.Nodes);
        }
    }

    [Fact]
    public void Only_lumpy_instances_have_large_vips()
    {
        foreach (var instance in Instances.Where(instance => !instance.Shape.IsLumpy))
        {
            var smallest = instance.Problem.Nodes.Min(node => node.Capacity.Bps);
            instance.Problem.Vips
                .Max(vip => vip.Demand.Bps)
                .ShouldBeLessThanOrEqualTo((long)(smallest * PlacementPolicy.Default.ShareMax), $"seed {instance.Shape.Seed}");
        }
    }

    [Fact]
    public void Instances_come_near_to_what_the_protection_allows()
    {
        Instances.Count(instance => instance.Fill > 0.6).ShouldBeGreaterThan(Instances.Count * 8 / 10);
        Instances.Max(instance => instance.Fill).ShouldBeInRange(0.9, 1.0);
    }

    [Fact]
    public void What_is_made_impossible_is_seen_to_be()
    {
        foreach (var shape in Instances.Select(instance => instance.Shape).Take(60))
        {
            var impossible = ImpossibleInstance.Create(shape);
            Bounds.Shortage(impossible.Problem).ShouldNotBeNull($"seed {shape.Seed}: {impossible.Reason}");
        }
    }
}
