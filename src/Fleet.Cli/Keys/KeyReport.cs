using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Keys;

/// <summary>A key as it is shown: its times in ISO 8601, and nothing that is secret.</summary>
/// <param name="Role">ksk or zsk.</param>
/// <param name="Since">When the state began.</param>
/// <param name="Next">When it changes next.</param>
/// <param name="Ds">What the parent's DS must say; of key-signing keys only.</param>
internal sealed record KeyReport(
    string Zone,
    string Role,
    int Tag,
    string State,
    string File,
    string? Since,
    string? Next,
    string? Publish,
    string? Activate,
    string? Inactive,
    string? Delete,
    string? Ds)
{
    public static KeyReport Create(ZoneKey key, long now) => new(
        key.Zone.ToString(),
        key.Key.IsKeySigning ? "ksk" : "zsk",
        key.Key.Tag,
        key.Times.StateAt(now).ToString().ToLowerInvariant(),
        key.FileName,
        Text(key.Times.SinceAt(now)),
        Text(key.Times.NextChangeAfter(now)),
        Text(key.Times.Publish),
        Text(key.Times.Activate),
        Text(key.Times.Inactive),
        Text(key.Times.Delete),
        key.Key.IsKeySigning ? key.Key.ToDsText(key.Zone) : null);

    private static string? Text(long? seconds) => seconds is null ? null : RollStep.At(seconds);
}

/// <summary>What <c>key new</c> and <c>key roll</c> print: the keys as they are afterwards, which of them are new, and what is to be done.</summary>
internal sealed record KeyChange(ImmutableArray<KeyReport> Keys, ImmutableArray<int> Made, ImmutableArray<string> Sentences);

/// <summary>What <c>key ds</c> prints: lines of a zone file.</summary>
internal sealed record KeyRecords(string Zone, ImmutableArray<string> Ds, ImmutableArray<string> Cds, ImmutableArray<string> Cdnskey);

/// <summary>The JSON of keys.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImmutableArray<KeyReport>))]
[JsonSerializable(typeof(KeyChange))]
[JsonSerializable(typeof(KeyRecords))]
internal sealed partial class KeyJson : JsonSerializerContext;
