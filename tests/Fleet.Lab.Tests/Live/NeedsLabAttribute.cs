using Fleet.Lab.Labs;
using Fleet.Testing.Contracts;

namespace Fleet.Lab.Tests.Live;

/// <summary>Skipped where no network namespaces can be made.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsLabAttribute : NeedsAttribute
{
    public override string? Missing => LabHostCheck.Missing;
}
