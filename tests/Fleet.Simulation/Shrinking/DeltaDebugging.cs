using System.Collections.Immutable;

namespace Fleet.Simulation.Shrinking;

/// <summary>
/// The algorithm ddmin of "Simplifying and Isolating Failure-Inducing Input" (Zeller and Hildebrandt, IEEE Transactions on Software Engineering
/// 28(2), 2002): parts of a list are tried alone, then each is left out, and the parts become smaller until they are single items.
/// </summary>
public static class DeltaDebugging
{
    /// <param name="first">The index of the first list that still fails; null when none does.</param>
    /// <returns>A list that fails, no single item of which can be left out.</returns>
    public static ImmutableArray<T> Minimum<T>(ImmutableArray<T> items, Func<IReadOnlyList<ImmutableArray<T>>, int?> first)
    {
        if (items.IsEmpty || first([[]]) is not null)
            return [];
        for (var count = 2; items.Length > 1;)
        {
            var parts = Parts(items, count);
            // With two parts each is what is left without the other.
            var others = count == 2 ? [] : parts.Select((_, i) => Without(parts, i)).ToImmutableArray();
            if (first([.. parts, .. others]) is { } index)
            {
                (items, count) = index < parts.Length ? (parts[index], 2) : (others[index - parts.Length], Math.Max(count - 1, 2));
                count = Math.Min(count, Math.Max(2, items.Length));
            }
            else if (count < items.Length)
            {
                count = Math.Min(2 * count, items.Length);
            }
            else
            {
                break;
            }
        }

        return items;
    }

    /// <summary>Of equal length, as far as that is possible.</summary>
    private static ImmutableArray<ImmutableArray<T>> Parts<T>(ImmutableArray<T> items, int count) =>
        [.. Enumerable.Range(0, count).Select(i => items[(items.Length * i / count)..(items.Length * (i + 1) / count)])];

    private static ImmutableArray<T> Without<T>(ImmutableArray<ImmutableArray<T>> parts, int left) =>
        [.. parts.Where((_, i) => i != left).SelectMany(part => part)];
}
