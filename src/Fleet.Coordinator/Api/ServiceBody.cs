using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Api;

/// <summary>
/// Reads a service from a request. What it leaves out has the defaults that a configuration file has; a name, listeners and a pool's backends must be there.
/// </summary>
public static class ServiceBody
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

    public static bool TryRead(JsonObject body, [NotNullWhen(true)] out Service? service, out string mistake)
    {
        (service, mistake) = (null, "");
        Lay(JsonNode.Parse(Defaults)!.AsObject(), body);
        try
        {
            service = body.Deserialize(Wire.Default.Service);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            mistake = e.Message;
            return false;
        }

        if (service is null || service.Listeners.IsDefault || service.Pool.Backends.IsDefault)
            mistake = "A service needs a name, listeners and a pool with backends.";
        return mistake.Length == 0;
    }

    /// <summary>Adds what is missing, also inside objects.</summary>
    private static void Lay(JsonObject defaults, JsonObject over)
    {
        foreach (var (key, value) in defaults)
        {
            if (!over.TryGetPropertyValue(key, out var given) || given is null)
                over[key] = value?.DeepClone();
            else if (value is JsonObject inner && given is JsonObject givenObject)
                Lay(inner, givenObject);
        }
    }
}
