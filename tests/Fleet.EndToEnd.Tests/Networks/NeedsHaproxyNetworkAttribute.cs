using Fleet.Node.Tests.Vips.Networks;
using Fleet.Testing.Contracts;

namespace Fleet.EndToEnd.Tests.Networks;

/// <summary>Skipped where there are no networks of a test's own, or no HAProxy.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsHaproxyNetworkAttribute : NeedsAttribute
{
    public override string? Missing =>
        SystemProgram.Missing("haproxy", "setsid") is { Length: > 0 } missing
            ? $"not installed: {string.Join(", ", missing)}; './fleet setup' installs haproxy"
            : new NeedsNetworkAttribute().Missing;
}
