using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fleet.Node.Core;

namespace Fleet.Node.DataPlanes.Haproxy.Rendering;

/// <summary>
/// What HAProxy says that it carries: the generation, and a digest of the files that would load it. The digest tells apart generations of two
/// agents, which count on their own, and lets a new agent see whether the layout it finds on disk is the one that is loaded.
/// </summary>
internal static class CarriedWord
{
    /// <param name="files">All but the one that holds this word.</param>
    public static string Of(HaproxyLayout layout, IReadOnlyDictionary<string, string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, text) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {text.Length}\n{text}"));
        return $"{layout.Generation.Value}-{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}";
    }

    /// <summary>The word of files that were rendered.</summary>
    public static string In(IReadOnlyDictionary<string, string> files) => files[HaproxyConfig.CarriedMap].Trim().Split(' ')[^1];

    /// <summary>None for what is no such word.</summary>
    public static PlanGeneration Generation(string? word) =>
        long.TryParse(word?.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new PlanGeneration(value)
            : PlanGeneration.None;
}
