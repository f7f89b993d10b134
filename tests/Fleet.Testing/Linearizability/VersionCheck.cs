using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Testing.Linearizability;

/// <summary>
/// What versions alone tell, in O(n log n) and without any search. A version is (term, revision). Every entry of the journal makes a revision, so
/// revisions are a clock of the whole fleet: they only grow, no two changes share one, none belongs to two terms, and all that was seen at one is the
/// same.
/// </summary>
internal static class VersionCheck
{
    public static Violation? Find(History history, ImmutableArray<BoundedCall> calls) =>
        calls.Select(Conditional).Concat(calls.Select(Back)).Concat(Numbered(history)).Concat(Alike(history))
            .FirstOrDefault(found => found is not null);

    /// <summary>No answer has a version before one that somebody was already told, and a change is above all of those.</summary>
    private static Violation? Back(BoundedCall bounded)
    {
        var (call, floor, by, _) = bounded;
        if (call.Outcome is not { At: { } at } outcome || at.Revision > floor.Revision || (at.Revision == floor.Revision && !outcome.MadeVersion))
            return null;
        return outcome.MadeVersion
            ? new Violation($"A change was done at {at}, and {floor} was known before it was asked for.", null, Some(by, call))
            : new Violation($"The version went back to {at}, and {floor} was known before.", null, Some(by, call));
    }

    /// <summary>
    /// A change that names a version is done by the next entry; or, when the fleet was so already, at that version or by the next entry. It is
    /// refused only if there was another version at some moment between asking and answer.
    /// </summary>
    private static Violation? Conditional(BoundedCall bounded)
    {
        var (call, floor, by, ceiling) = bounded;
        if (call.Operation is not Operation.Change { IfVersion: { } wanted })
            return null;
        if (call.Outcome is Outcome.Done done)
        {
            var passed = done.Version.Revision - wanted.Revision;
            return done.Version.Term == wanted.Term && (passed == 1 || (passed == 0 && !done.Changed))
                ? null
                : new Violation($"A change that was to be made only at {wanted} was made at another version.", null, [call]);
        }

        return call.Outcome is Outcome.Refused { Why: Refusal.Stale } && floor == wanted && ceiling == wanted
            ? new Violation($"A change was refused because the fleet was not at {wanted}, and it was there all the while.", null, Some(by, call))
            : null;
    }

    /// <summary>Terms and revisions grow together, and each change has its own.</summary>
    private static IEnumerable<Violation?> Numbered(History history)
    {
        Call? before = null;
        Call? made = null;
        var told = history.Calls.Where(call => call.Outcome.At is not null);
        foreach (var call in told.OrderBy(call => At(call).Revision).ThenBy(call => At(call).Term))
        {
            var revision = At(call).Revision;
            if (before is not null && At(before).Revision == revision && At(before).Term != At(call).Term)
                yield return new Violation($"Revision {revision} is known of two terms: what was written first is lost.", null, [before, call]);
            if (before is not null && At(before).Term > At(call).Term)
                yield return new Violation($"Revision {revision} is of an earlier term than revision {At(before).Revision}.", null, [before, call]);
            if (call.Outcome.MadeVersion && made is not null && At(made).Revision == revision)
                yield return new Violation($"Two changes have one version, {At(call)}.", null, [made, call]);
            made = call.Outcome.MadeVersion ? call : made;
            before = call;
        }
    }

    /// <summary>All that was seen at one revision agrees.</summary>
    private static IEnumerable<Violation?> Alike(History history)
    {
        foreach (var group in history.Calls.Where(call => call.Outcome is Outcome.Saw { At: not null }).GroupBy(call => At(call).Revision))
        {
            var first = new Dictionary<Item, (string? Value, Call Call)>();
            foreach (var call in group)
            {
                foreach (var (item, value) in ((Outcome.Saw)call.Outcome).Sight.Values)
                    first.TryAdd(item, (value, call));
            }

            foreach (var (item, (value, call)) in first)
            {
                foreach (var other in group)
                {
                    if (((Outcome.Saw)other.Outcome).Sight.TryValue(item, out var seen) && seen != value)
                        yield return new Violation($"Two looks at {At(call)} differ in {item}.", item, [call, other]);
                }
            }
        }
    }

    private static MapVersion At(Call call) => call.Outcome.At!.Value;

    private static ImmutableArray<Call> Some(Call? first, Call second) => first is null ? [second] : [first, second];
}
