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

    /// <summary>What is no more, and may come again, begins anew.</summary>
    public void Forget(Func<T, bool> isGone)
    {
        foreach (var gone in _began.Keys.Where(isGone).ToArray())
            _began.Remove(gone);
    }

    public void Clear() => _began.Clear();
}
