using System.Collections.Immutable;

namespace Fleet.Lab.Rendering;

/// <summary>Which program carries a script out.</summary>
internal enum LabTool
{
    /// <summary><c>sysctl -p</c>.</summary>
    Sysctl,

    /// <summary><c>ip -batch</c> (ip(8)).</summary>
    Ip,

    /// <summary><c>ip -6 -batch</c>, for lines that name no address and mean IPv6.</summary>
    Ip6,

    /// <summary><c>tc -batch</c> (tc(8)).</summary>
    Tc,
}

/// <summary>Lines for one program, inside one namespace.</summary>
internal sealed record LabScript(string Namespace, LabTool Tool, ImmutableArray<string> Lines)
{
    public string Text => string.Concat(Lines.Select(line => line + '\n'));

    public override string ToString() => $"# {Namespace}: {Tool.ToString().ToLowerInvariant()}\n{Text}";
}
