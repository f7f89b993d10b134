using System.Collections.Immutable;

namespace Fleet.Benchmarks.Storm.Judging;

/// <summary>An acknowledged command of which the fleet knows nothing.</summary>
public sealed record LostCommand(string Target, string Wanted, string Found);

/// <summary>
/// What operators were told: what each node and service must be by now. Of a command whose outcome is not known both are right, until somebody looks,
/// and until then nobody gives
/// another for the same target: the two could be carried out in either order. Pure.
/// </summary>
public sealed class CommandBook
{
    public const string Gone = "gone";

    private readonly SortedDictionary<string, ImmutableSortedSet<string>> _known = new(StringComparer.Ordinal);

    public int Acknowledged { get; private set; }

    public bool Is(string target, string value) => _known.GetValueOrDefault(target) is { Count: 1 } values && values[0] == value;

    /// <summary>Whether it is known neither this way nor that.</summary>
    public bool IsOpen(string target) => _known.GetValueOrDefault(target) is { Count: > 1 };

    /// <summary>It is so, whoever made it so.</summary>
    public void Know(string target, string value) => _known[target] = [value];

    /// <summary>Carried out, as its answer says. Several values: one leads to the other by itself.</summary>
    public void Acknowledge(string target, params ReadOnlySpan<string> values)
    {
        Acknowledged++;
        _known[target] = [.. values];
    }

    /// <summary>No answer, or one that does not say.</summary>
    public void Doubt(string target, params ReadOnlySpan<string> values) =>
        _known[target] = (_known.GetValueOrDefault(target) ?? [Gone]).Union(values.ToArray());

    /// <summary>Holds what is found against the book; from here on what was found is known.</summary>
    /// <param name="found">A target that is missing is <see cref="Gone"/>.</param>
    public ImmutableArray<LostCommand> Check(IReadOnlyDictionary<string, string> found)
    {
        var lost = ImmutableArray.CreateBuilder<LostCommand>();
        foreach (var (target, values) in _known.ToArray())
        {
            var value = found.GetValueOrDefault(target, Gone);
            if (!values.Contains(value))
                lost.Add(new LostCommand(target, string.Join(" or ", values), value));
            _known[target] = [value];
        }

        return lost.ToImmutable();
    }
}
