using System.Collections.Immutable;

namespace Fleet.Testing.Linearizability;

/// <summary>The calls of a history that say something about one thing, each list in the order of asking.</summary>
/// <param name="Answered">Those whose outcome is known.</param>
/// <param name="Open">Changes of unknown outcome.</param>
internal sealed record ItemCalls(Item Item, ItemModel Model, ImmutableArray<BoundedCall> Answered, ImmutableArray<BoundedCall> Open)
{
    public static ImmutableArray<ItemCalls> Group(History history, ImmutableArray<BoundedCall> calls)
    {
        var taken = calls.Where(c => c.Call.Outcome.MadeVersion).Select(c => c.Call.Outcome.At!.Value.Revision).ToImmutableHashSet();
        var changes = calls.Where(c => c.Call.Operation is Operation.Change).ToLookup(c => ((Operation.Change)c.Call.Operation).Item);
        var reads = calls.Where(c => c.Call.Outcome is Outcome.Saw).ToArray();
        return [.. history.Items.Select(Those)];

        ItemCalls Those(Item item) => new(
            item,
            new ItemModel(item, taken),
            [.. changes[item].Where(Says).Concat(reads.Where(read => Shows(read, item))).OrderBy(c => c.Call.Invoked)],
            [.. changes[item].Where(c => c.Call.IsOpen)]);
    }

    public SearchResult Search(Observation start, StepBudget budget) => new OrderSearch(Model, Answered, Open, budget).Run(Model.StateAt(start));

    private static bool Shows(BoundedCall read, Item item) => read.Call.Outcome is Outcome.Saw saw && saw.Sight.TryValue(item, out _);

    /// <summary>What a rule refuses, or what came too late, says nothing about the thing itself.</summary>
    private static bool Says(BoundedCall bounded) => bounded.Call.Outcome switch
    {
        Outcome.Done => true,
        Outcome.Refused { Why: Refusal.NotThere } => bounded.Call.Operation is Operation.Change { Item.Kind: ItemKind.Service },
        _ => false,
    };
}
