using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Api;

/// <summary>
/// Reads a service from a request. Missing members get the defaults of a configuration file; a name, listeners and a pool's backends must be there.
/// What the configuration refuses is refused here, by the same rules.
/// </summary>
internal static class ServiceBody
{
    private const string Defaults = """
        {
          "vips": [], "vip-count": 0, "demand-bps": 0, "gslb": {}, "drain-timeout-ms": 5000,
          "pool": {
            "balance": "round-robin", "all-down": "fail-closed", "proxy-protocol": false,
            "check": { "kind": "tcp", "path": "/", "expect": 200, "interval-ms": 1000, "timeout-ms": 500, "rise": 2, "fall": 3 }
          }
        }
        """;

    public static bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Service? service, out ImmutableArray<Mistake> mistakes) =>
        JsonGate.TryRead(
            text, Wire.Default.Service, JsonNode.Parse(Defaults)!.AsObject(), ServiceRules.Table, ServiceRules.Mistakes, out service, out mistakes);
}
