namespace Fleet.Simulation.Checkers;

/// <summary>For how long something has been so, by what it is of.</summary>
internal sealed class Since<T>
    where T : notnull
{
    private readonly Dictionary<T, long> _began = [];

    /// <summary>Microseconds; 0 when it is not so now.</summary>
    public long Lasts(T what, bool isSo, long now)
    {
        if (!isSo)
        {
            _began.Remove(what);
            return 0;
        }

        _began.TryAdd(what, now);
        return now - _began[what];
    }

    public void Clear() => _began.Clear();
}
