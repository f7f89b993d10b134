using Fleet.Lab.Labs;
using Fleet.Testing.Contracts;

namespace Fleet.Lab.Tests.Live;

/// <summary>Skipped where no network namespaces can be made, or agents cannot hold VIPs in them.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsLabAttribute : NeedsAttribute
{
    public static string? Reason => LabHostCheck.Missing ?? LabHostCheck.MissingForAgents;

    public override string? Missing => Reason;
}
