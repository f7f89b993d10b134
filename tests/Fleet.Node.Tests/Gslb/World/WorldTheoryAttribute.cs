namespace Fleet.Node.Tests.Gslb.World;

/// <summary>A test that needs other people's programs; skipped, and said so, where one is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorldTheoryAttribute : TheoryAttribute
{
    public WorldTheoryAttribute(params string[] programs)
    {
        var missing = SystemProgram.Missing(programs);
        if (missing.Length > 0)
            Skip = $"{string.Join(", ", missing)} not found; './fleet setup' installs dig, kdig, drill and unbound.";
    }
}
