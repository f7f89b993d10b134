using System.Collections.Immutable;
using Fleet.Testing.Linearizability;

namespace Fleet.Shared.Tests.Testing.Linearizability;

/// <summary>
/// Tries every order of all calls of a small history of services, each unknown change carried out or not. Shares nothing with the checker but what
/// a history is.
/// </summary>
internal static class EveryOrder
{
    public static bool Explains(History history) => Goes([.. history.Calls], new State(ImmutableDictionary<Item, string>.Empty, 0, 0, []));

    private static bool Goes(ImmutableList<Call> left, State state) =>
        left.All(call => call.IsOpen)
        || left.Any(call => MayBeNext(left, call) && Next(state, call) is { } after && Goes(Possible(left, call), after));

    private static bool MayBeNext(ImmutableList<Call> left, Call call) => left.All(other => other.IsOpen || other.Returned > call.Invoked);

    /// <summary>What can still come after this one: unknown changes that became impossible before it was asked for cannot.</summary>
    private static ImmutableList<Call> Possible(ImmutableList<Call> left, Call next) =>
        left.Remove(next).RemoveAll(call => call.IsOpen && call.Returned < next.Invoked);

    private static State? Next(State state, Call call) => (call.Operation, call.Outcome) switch
    {
        (Operation.Change change, Outcome.Unknown) => Happens(state, change),
        (Operation.Change change, Outcome.Done done) => IsDone(state, change, done)
            ? state.With(change).At(done.Version.Revision, done.Version.Term)
            : null,
        (Operation.Change change, Outcome.Refused { Why: Refusal.NotThere }) => state.Values.ContainsKey(change.Item) ? null : state,
        (Operation.Change { IfVersion: { } wanted }, Outcome.Refused { Why: Refusal.Stale }) when wanted.Revision == state.Revision =>
            state.At(state.Revision + 1, null),
        (_, Outcome.Saw { Sight: var sight }) when !Agrees(state, sight) => null,
        (_, Outcome.Saw { Sight.Version: { } at }) => state.At(at.Revision, at.Term),
        _ => state,
    };

    /// <summary>At the least revision that it can have; one that changes nothing need not happen.</summary>
    private static State? Happens(State state, Operation.Change change)
    {
        var revision = (change.IfVersion?.Revision ?? state.Revision) + 1;
        var changes = state.Values.GetValueOrDefault(change.Item) != change.Value;
        return changes && revision > state.Revision ? state.With(change).At(revision, null) : null;
    }

    private static bool IsDone(State state, Operation.Change change, Outcome.Done done)
    {
        var isSo = state.Values.GetValueOrDefault(change.Item) == change.Value;
        var passed = done.Version.Revision - change.IfVersion?.Revision;
        return isSo != done.Changed
            && (!done.Changed || done.Version.Revision > state.Revision)
            && (change.IfVersion is not { } wanted || (wanted.Term == done.Version.Term && (passed == 1 || (passed == 0 && !done.Changed))));
    }

    private static bool Agrees(State state, Observation sight) => state.Values.Keys.Concat(sight.Values.Keys)
        .All(item => !sight.TryValue(item, out var value) || state.Values.GetValueOrDefault(item) == value);

    /// <param name="Terms">Of the revisions whose term is known.</param>
    private sealed record State(ImmutableDictionary<Item, string> Values, long Revision, long Term, ImmutableDictionary<long, long> Terms)
    {
        public State With(Operation.Change change) =>
            this with { Values = change.Value is { } value ? Values.SetItem(change.Item, value) : Values.Remove(change.Item) };

        public State? At(long revision, long? term) =>
            revision < Revision || term < Term || (term is { } known && Terms.GetValueOrDefault(revision, known) != known)
                ? null
                : this with { Revision = revision, Term = term ?? Term, Terms = term is { } sure ? Terms.SetItem(revision, sure) : Terms };
    }
}
