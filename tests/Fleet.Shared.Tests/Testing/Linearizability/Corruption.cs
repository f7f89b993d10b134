using System.Collections.Immutable;
using Fleet.Shared.Model;
using Fleet.Testing.Linearizability;

namespace Fleet.Shared.Tests.Testing.Linearizability;

/// <summary>
/// Makes one call of a right history say what cannot be true. Each kind looks for a call where that is certain, which it is because every
/// definition is written once; null when the history has none.
/// </summary>
internal static class Corruption
{
    public static readonly ImmutableArray<(string Name, Func<History, Random, History?> Of)> Kinds =
    [
        ("a value that nobody wrote is read", Invented),
        ("a value is read that was overwritten", Stale),
        ("a change has another's version", Twice),
        ("a version goes back", Back),
        ("an acknowledged change is of another definition", Swapped),
        ("a change is asked for after its effect was read", Late),
        ("a change that was acknowledged is not there", Gone),
    ];

    /// <summary>Changes something, which may do no harm.</summary>
    public static History Anyhow(History history, Random chance)
    {
        var call = history.Calls[chance.Next(history.Calls.Length)];
        var other = history.Calls[chance.Next(history.Calls.Length)];
        return With(history, call, chance.Next(5) switch
        {
            0 => call with { Invoked = call.Invoked with { Micros = chance.NextInt64(call.Invoked.Micros + 1) } },
            1 => call with { Returned = call.Returned with { Micros = call.Invoked.Micros + chance.Next(5) } },
            2 when call.Operation is Operation.Change => call with { Outcome = new Outcome.Unknown() },
            3 when call.Outcome is Outcome.Saw { Sight: { Version: { } at } sight } =>
                call with { Outcome = new Outcome.Saw(sight with { Version = Near(at) }) },
            3 when call.Outcome is Outcome.Done done => call with { Outcome = done with { Version = Near(done.Version) } },
            _ when call.Operation.GetType() == other.Operation.GetType() => call with { Outcome = other.Outcome },
            _ => call,
        });

        MapVersion Near(MapVersion version) => version with { Revision = version.Revision + chance.Next(-1, 2) };
    }

    private static History? Invented(History history, Random chance) => Any(history, chance, call => Services(call).Length > 0) is { } read
        ? With(history, read, Seeing(read, Services(read)[chance.Next(Services(read).Length)], "invented"))
        : null;

    private static History? Stale(History history, Random chance)
    {
        var changes = Acknowledged(history).ToArray();
        foreach (var later in Shuffled(changes, chance))
        {
            var change = (Operation.Change)later.Operation;
            var older = changes.FirstOrDefault(c =>
                c.Operation is Operation.Change { Value: not null } other && other.Item == change.Item && Revision(c) < Revision(later));
            var read = history.Calls.FirstOrDefault(call => IsWhole(call) && Revision(call) >= Revision(later));
            if (older is not null && read is not null)
                return With(history, read, Seeing(read, change.Item, ((Operation.Change)older.Operation).Value));
        }

        return null;
    }

    private static History? Twice(History history, Random chance) => Shuffled([.. Acknowledged(history)], chance) is [var one, var other, ..]
        ? With(history, one, one with { Outcome = other.Outcome })
        : null;

    private static History? Back(History history, Random chance)
    {
        if (Acknowledged(history).FirstOrDefault() is not { } floor)
            return null;
        if (Any(history, chance, call => IsWhole(call) && call.Invoked > floor.Returned) is not { } read)
            return null;
        var sight = ((Outcome.Saw)read.Outcome).Sight with { Version = new MapVersion(1, Revision(floor) - 1) };
        return With(history, read, read with { Outcome = new Outcome.Saw(sight) });
    }

    private static History? Swapped(History history, Random chance) =>
        Seen(history, chance) is var (change, _)
            ? With(history, change, change with { Operation = (Operation.Change)change.Operation with { Value = "another" } })
            : null;

    private static History? Late(History history, Random chance)
    {
        if (Seen(history, chance) is not var (change, read))
            return null;
        var after = new Moment(read.Returned.Micros + 1, 0);
        var returned = change.Returned > after ? change.Returned : after with { Order = 1 };
        return With(history, change, change with { Invoked = after, Returned = returned });
    }

    /// <summary>Not where somebody may have removed it.</summary>
    private static History? Gone(History history, Random chance)
    {
        if (Seen(history, chance) is not var (change, read))
            return null;
        var item = ((Operation.Change)change.Operation).Item;
        var mayBe = history.Calls.Any(call => call.IsOpen && call.Operation is Operation.Change { Value: null } removed && removed.Item == item);
        return mayBe ? null : With(history, read, Seeing(read, item, null));
    }

    /// <summary>An acknowledged definition, and a look that saw it.</summary>
    private static (Call Change, Call Read)? Seen(History history, Random chance)
    {
        foreach (var change in Shuffled([.. Acknowledged(history)], chance))
        {
            var written = (Operation.Change)change.Operation;
            var read = history.Calls.FirstOrDefault(call => call.Outcome is Outcome.Saw { Sight.Version: not null } saw && written.Value is { } value
                && saw.Sight.Values.GetValueOrDefault(written.Item) == value);
            if (read is not null)
                return (change, read);
        }

        return null;
    }

    private static IEnumerable<Call> Acknowledged(History history) => history.Calls.Where(call => call.Outcome.MadeVersion);

    private static Call? Any(History history, Random chance, Func<Call, bool> fits) =>
        Shuffled([.. history.Calls.Where(fits)], chance).FirstOrDefault();

    private static Call[] Shuffled(Call[] calls, Random chance)
    {
        chance.Shuffle(calls);
        return calls;
    }

    private static bool IsWhole(Call call) => call.Outcome is Outcome.Saw { Sight: { Version: not null, Whole.IsEmpty: false } };

    private static Item[] Services(Call call) => call.Outcome is Outcome.Saw saw ? [.. saw.Sight.Values.Keys] : [];

    private static long Revision(Call call) => call.Outcome.At!.Value.Revision;

    private static Call Seeing(Call read, Item item, string? value)
    {
        var sight = ((Outcome.Saw)read.Outcome).Sight;
        return read with { Outcome = new Outcome.Saw(sight with { Values = sight.Values.SetItem(item, value) }) };
    }

    private static History With(History history, Call old, Call corrupted) =>
        new(history.Calls.Select(call => call.Id == old.Id ? corrupted : call), history.Start);
}
