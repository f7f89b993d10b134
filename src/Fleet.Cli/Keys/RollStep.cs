using System.Collections.Immutable;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Keys;

/// <summary>
/// One step of a roll: what is to be written, and what a person has to know. Nothing to write means that there is nothing to do but to wait.
/// </summary>
/// <param name="New">The successor to make; null where there is one.</param>
/// <param name="Changed">Keys that are there, with other times.</param>
/// <param name="Refusal">Why the step may not be done now; then nothing is written.</param>
/// <param name="Sentences">What happens when, and what is to be done by hand.</param>
internal sealed record RollStep(KeyTimes? New, ImmutableArray<ZoneKey> Changed, string? Refusal, ImmutableArray<string> Sentences)
{
    public static RollStep Refused(string why) => new(null, [], why, []);

    public static RollStep Wait(params string[] sentences) => new(null, [], null, [.. sentences]);

    /// <summary>A moment as people and other programs read it.</summary>
    public static string At(long? seconds) => seconds is { } moment ? $"{DateTimeOffset.FromUnixTimeSeconds(moment):yyyy-MM-dd'T'HH:mm:ss'Z'}" : "-";
}
