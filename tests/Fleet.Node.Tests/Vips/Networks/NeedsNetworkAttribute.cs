using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Vips.Networks;

/// <summary>Skipped where this process may not make network namespaces, or lacks what it fills them with.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsNetworkAttribute : NeedsAttribute
{
    private static readonly Lazy<string?> Reason = new(() =>
        SystemProgram.Missing("ip", "nft") is { Length: > 0 } missing
            ? $"not installed: {string.Join(", ", missing)}; ./fleet setup installs them"
            : NetworkNamespace.WhyNone());

    public override string? Missing => Reason.Value;
}
