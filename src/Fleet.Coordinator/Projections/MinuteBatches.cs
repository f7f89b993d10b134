using System.Collections.Immutable;
using Fleet.Coordinator.Projections.Rows;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// Minutes that are not surely written yet, in numbered batches that never change: what is sent again after an answer that was lost can be known by
/// its number.
/// </summary>
/// <param name="rowsMax">The oldest give way when there are more.</param>
internal sealed class MinuteBatches(int rowsMax)
{
    private readonly List<(long Number, ImmutableArray<MinuteRow> Rows)> _batches = [];

    /// <summary>Whose numbers they are.</summary>
    public Guid Writer { get; } = Guid.NewGuid();

    public long Newest { get; private set; }

    public bool IsEmpty => _batches.Count == 0;

    /// <summary>The days that the rows are of, in order.</summary>
    public ImmutableArray<DateOnly> Days => [.. _batches.SelectMany(batch => batch.Rows).Select(DayOf).Distinct().Order()];

    /// <summary>The day of UTC.</summary>
    public static DateOnly DayOf(MinuteRow row) => DateOnly.FromDateTime(row.Minute.UtcDateTime);

    public void Add(ImmutableArray<MinuteRow> rows)
    {
        if (rows.IsEmpty)
            return;
        _batches.Add((++Newest, rows));
        while (_batches.Count > 1 && _batches.Sum(batch => batch.Rows.Length) > rowsMax)
            _batches.RemoveAt(0);
    }

    /// <summary>The rows of all batches behind a number.</summary>
    public IEnumerable<MinuteRow> After(long number) => _batches.Where(batch => batch.Number > number).SelectMany(batch => batch.Rows);

    /// <summary>All are written.</summary>
    public void Clear() => _batches.Clear();
}
