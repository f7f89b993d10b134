namespace Fleet.Node.Tests.Gslb.Signing.Tools;

/// <summary>A fact that needs programs of the system's packages; skipped, and said so, where one is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] programs)
    {
        var missing = SystemProgram.Missing(programs);
        if (missing.Length > 0)
            Skip = $"{string.Join(", ", missing)} not found; './fleet setup' installs the tools of DNSSEC.";
    }
}
