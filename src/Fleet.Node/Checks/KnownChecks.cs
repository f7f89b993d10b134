using System.Diagnostics;
using Fleet.Shared.Model;

namespace Fleet.Node.Checks;

/// <summary>The kinds of check there are, one line each.</summary>
internal static class KnownChecks
{
    public static ICheck For(CheckSpec spec, bool proxyProtocol) => spec.Kind switch
    {
        CheckKind.Tcp => new TcpCheck(proxyProtocol),
        CheckKind.Http => new HttpCheck(spec.Path, spec.Expect, proxyProtocol),
        _ => throw new UnreachableException($"No check of kind {spec.Kind}."),
    };
}
