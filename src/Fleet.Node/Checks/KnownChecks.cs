using Fleet.Shared.Model;

namespace Fleet.Node.Checks;

/// <summary>The kinds of check there are, one line each: a kind that has no line here does not compile.</summary>
internal static class KnownChecks
{
    public static ICheck For(CheckSpec spec, bool proxyProtocol) => spec.Kind switch
    {
        CheckKind.Tcp => new TcpCheck(proxyProtocol),
        CheckKind.Http => new HttpCheck(spec.Path, spec.Expect, proxyProtocol),
    };
}
