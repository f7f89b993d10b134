namespace Fleet.Coordinator.Tests.Publishers;

/// <summary>A theory over real DNS servers; skipped, and said so, where one of them is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealServersTheoryAttribute : TheoryAttribute
{
    private static readonly string[] Programs = ["named", "knotd", "pdns_server", "pdnsutil", "sqlite3", "dig"];

    public RealServersTheoryAttribute()
    {
        var missing = SystemProgram.Missing(Programs);
        if (missing.Length > 0)
            Skip = $"{string.Join(", ", missing)} not found; './fleet setup' installs BIND, Knot and PowerDNS.";
    }
}
