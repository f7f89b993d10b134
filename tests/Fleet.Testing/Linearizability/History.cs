using System.Collections.Immutable;

namespace Fleet.Testing.Linearizability;

/// <summary>What operators asked of one fleet and were told, in the order of asking.</summary>
public sealed class History
{
    /// <param name="start">The fleet as it was before; left out, it had nothing.</param>
    public History(IEnumerable<Call> calls, Observation? start = null)
    {
        Calls = [.. calls.OrderBy(call => call.Invoked)];
        Start = start ?? Observation.Nothing;
    }

    public ImmutableArray<Call> Calls { get; }

    public Observation Start { get; }

    /// <summary>Every service, node and policy that anybody spoke of, sorted.</summary>
    public ImmutableArray<Item> Items =>
    [
        .. Calls.Select(call => call.Operation).OfType<Operation.Change>().Select(change => change.Item)
            .Concat(Calls.Select(call => call.Outcome).OfType<Outcome.Saw>().SelectMany(saw => saw.Sight.Values.Keys))
            .Concat(Start.Values.Keys)
            .Distinct()
            .Order(),
    ];
}
