using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>Skipped where HAProxy is not installed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsHaproxyAttribute : NeedsAttribute
{
    public override string? Missing =>
        SystemProgram.Missing("haproxy", "setsid") is { Length: > 0 } missing
            ? $"not installed: {string.Join(", ", missing)}; './fleet setup' installs haproxy"
            : null;
}
