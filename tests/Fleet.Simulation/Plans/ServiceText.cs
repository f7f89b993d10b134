using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Fleet.Testing;

namespace Fleet.Simulation.Plans;

/// <summary>
/// A service of simulated worlds as a word: <c>web:10.0.0.1-10.0.0.12,10.0.0.14</c>. One that differs from them in more than name and VIPs is JSON.
/// </summary>
public static class ServiceText
{
    public static string Write(Service service)
    {
        var isPlain = Json(service) == Json(Build.Service(service.Name.Value, service.Vips)) && service.Vips.All(v => Number(v) is not null);
        return isPlain ? $"{service.Name}:{string.Join(',', Runs(service.Vips))}" : Json(service).Replace(" ", "\\u0020", StringComparison.Ordinal);
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static Service Read(string text)
    {
        if (text.StartsWith('{'))
            return JsonSerializer.Deserialize(text, ApiJson.Default.Service) ?? throw new FormatException();
        if (text.Split(':') is not [{ Length: > 0 } name, var vips])
            throw new FormatException();
        return Build.Service(name, [.. vips.Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany(Run)]);
    }

    /// <summary>Neighbours are written as a range.</summary>
    private static IEnumerable<string> Runs(ImmutableArray<VipAddress> vips)
    {
        for (var i = 0; i < vips.Length;)
        {
            var first = i++;
            while (i < vips.Length && Number(vips[i]) == Number(vips[i - 1]) + 1)
                i++;
            yield return i - first == 1 ? $"{vips[first]}" : $"{vips[first]}-{vips[i - 1]}";
        }
    }

    private static IEnumerable<VipAddress> Run(string text)
    {
        var ends = text.Split('-').Select(End).ToArray();
        return ends.Length > 2 || ends[^1] < ends[0] ? throw new FormatException() : Build.Vips(ends[^1] - ends[0] + 1, ends[0]);
    }

    private static int End(string text) => VipAddress.TryParse(text, out var vip) && Number(vip) is { } number ? number : throw new FormatException();

    /// <summary>As <see cref="Build.Vip"/> counts; null for others.</summary>
    private static int? Number(VipAddress vip) => vip.Value.GetAddressBytes() is [10, 0, var high, var low] ? (high * 256) + low : null;

    private static string Json(Service service) => JsonSerializer.Serialize(service, ApiJson.Default.Service);
}
