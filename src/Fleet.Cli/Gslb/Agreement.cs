using System.Collections.Immutable;
using Fleet.Cli.Messages;

namespace Fleet.Cli.Gslb;

/// <summary>
/// Whether servers agree. Each answers with a random choice of what is possible, so answers are not compared with each other. Instead, all must have
/// come, with one status, and hold nothing that the map does not allow.
/// </summary>
/// <param name="Holds">They agree.</param>
/// <param name="Sentences">Why not, by server; when they agree, one sentence that says so.</param>
internal sealed record Agreement(bool Holds, ImmutableArray<string> Sentences)
{
    /// <param name="possible">The records that may be answered; null when that is not known, and then only statuses are compared.</param>
    public static Agreement Compare(ImmutableArray<DnsAnswer> answers, ImmutableSortedSet<string>? possible)
    {
        var silent = answers.Where(answer => !answer.Came).Select(answer => $"{answer.Server} ({answer.Address}) did not answer.");
        var statuses = answers.Where(answer => answer.Came).GroupBy(answer => answer.Status).OrderByDescending(group => group.Count()).ToList();
        var odd = statuses.Skip(1).SelectMany(group => group.Select(answer => $"{answer.Server} says {answer.Status}, most say {statuses[0].Key}."));
        var stray = possible is null
            ? []
            : answers.SelectMany(answer =>
                answer.Records
                    .Where(record => !possible.Contains(record))
                    .Select(record => $"{answer.Server} answers {record}, which the map does not."));
        var empty = possible is { Count: > 0 }
            ? answers.Where(answer => answer.Came && answer.Records.IsEmpty)
                .Select(answer => $"{answer.Server} answers nothing, the map {possible.Count}.")
            : [];
        ImmutableArray<string> faults = [.. silent.Concat(odd).Concat(stray).Concat(empty).Distinct(StringComparer.Ordinal)];
        return faults.IsEmpty ? new Agreement(true, [Consent(answers, possible)]) : new Agreement(false, faults);
    }

    private static string Consent(ImmutableArray<DnsAnswer> answers, ImmutableSortedSet<string>? possible)
    {
        var servers = Words.Count(
            answers.Select(answer => answer.Server).Distinct(StringComparer.Ordinal).Count(), "server agrees", "servers agree");
        return possible is null ? $"{servers}." : $"{servers}: {Words.Count(possible.Count, "address is", "addresses are")} possible.";
    }
}
