using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Stores;

/// <summary>What is wrong with the store, as its users meet it, and what they meet.</summary>
public sealed class StoreTrouble(World world)
{
    private long _since = long.MinValue / 2;
    private bool _isAway;
    private int _slowMs;
    private double _ambiguous;

    /// <summary>It answers nobody, or only that it cannot.</summary>
    public bool IsAway
    {
        get => _isAway;
        set
        {
            if (_isAway && !value)
                world.Storage?.RefreshSessions();
            Set(ref _isAway, value);
        }
    }

    /// <summary>While it is away it says so at once, and nothing is done; otherwise what was asked may be done when it is back.</summary>
    public bool Refuses { get; set; }

    /// <summary>One way takes up to so many milliseconds more.</summary>
    public int SlowMs
    {
        get => _slowMs;
        set => Set(ref _slowMs, value);
    }

    /// <summary>The part of calls, 0 to 1, whose asker hears nothing: they are not carried out, or are, or will be later.</summary>
    public double Ambiguous
    {
        get => _ambiguous;
        set => Set(ref _ambiguous, value);
    }

    /// <summary>A write takes so long, microseconds.</summary>
    public (int Least, int Most) WriteMicros { get; set; } = (100, 1500);

    /// <summary>Something is wrong, or was until so recently that calls of that time may still be under way.</summary>
    public bool IsFelt => IsAway || SlowMs > 0 || Ambiguous > 0 || world.Now - _since < StoreWire.UnderWayMax;

    public void Mend() => (IsAway, SlowMs, Ambiguous, Refuses, WriteMicros) = (false, 0, 0, false, (100, 1500));

    private void Set<T>(ref T what, T value)
    {
        if (!Equals(what, value))
            (what, _since) = (value, world.Now);
    }
}
