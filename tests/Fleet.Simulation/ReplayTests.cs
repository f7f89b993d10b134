using System.Security.Cryptography;
using System.Text;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Playing;
using Fleet.Testing;

namespace Fleet.Simulation;

/// <summary>A seed is a world: what happens in it happens again, to the byte, whatever else the machine does.</summary>
public sealed class ReplayTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(17)]
    public void Same_seed_gives_the_same_trace_byte_for_byte(int seed)
    {
        var first = Trace(seed);
        var others = new string[3];
        Parallel.For(0, others.Length, i => others[i] = Trace(seed));
        first.Length.ShouldBeGreaterThan(3_000);
        others.ShouldAllBe(other => other == first);
        Golden.Match($"trace-{seed}.txt", DigestOf(first));
    }

    /// <summary>
    /// What any machine must come to. A change that makes the fleet behave otherwise in these worlds is rewritten with it; one that was only to
    /// make it quicker, or tidier, and changes them, has changed what the fleet does.
    /// </summary>
    private static string DigestOf(string trace) =>
        $"{trace.Count(letter => letter == '\n')} lines, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(trace)))}\n";

    private static string Trace(int seed)
    {
        var trace = new StringBuilder();
        Play.Run(Swarm.Plan(seed, 1, [], null), line => trace.Append(line).Append('\n'));
        return trace.ToString();
    }
}
