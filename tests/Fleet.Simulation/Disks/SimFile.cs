namespace Fleet.Simulation.Disks;

/// <summary>One file, whatever its names: what programs see of it, what is on stable storage, and the changes in between.</summary>
internal sealed class SimFile
{
    /// <summary>What a disk writes whole or not at all.</summary>
    private const int Sector = 512;

    private readonly List<Change> _unsynced = [];
    private SimContent _seen = new();
    private SimContent _stable = new();
    private bool _hasGivenUp;

    public bool IsLocked { get; set; }

    public int Length => _seen.Length;

    public byte[] Read() => _seen.ToArray();

    public void Write(ReadOnlySpan<byte> bytes, int offset)
    {
        _seen.Write(bytes, offset);
        _unsynced.Add(new Change { Bytes = bytes.ToArray(), At = offset });
    }

    public void Cut(int length)
    {
        if (length >= _seen.Length)
            return;
        _seen.Resize(length);
        _unsynced.Add(new Change { At = length });
    }

    public void Flush(Random chance)
    {
        foreach (var change in _unsynced)
        {
            _hasGivenUp |= change.IsGivenUp;
            if (change.IsGivenUp)
                Tear(change, chance);
            else
                Apply(change);
        }

        _unsynced.Clear();
    }

    /// <summary>
    /// As Linux does it: what could not be written is taken for written, is read as if it were there, and no later flush tries it again.
    /// </summary>
    public void FailFlush()
    {
        foreach (var change in _unsynced.Where(change => change.Bytes is not null))
            change.IsGivenUp = true;
    }

    /// <summary>The power has failed: each change since the last flush is there, or not, or in part.</summary>
    public void Crash(Random chance)
    {
        foreach (var change in _unsynced)
            Tear(change, chance);
        if (_unsynced.Count > 0 || _hasGivenUp)
            _seen = _stable.Copy();
        _unsynced.Clear();
        (_hasGivenUp, IsLocked) = (false, false);
    }

    public void Flip(long bit)
    {
        _seen.Flip(bit);
        if (bit / 8 < _stable.Length)
            _stable.Flip(bit);
    }

    private void Apply(Change change)
    {
        if (change.Bytes is null)
            _stable.Resize(Math.Min(_stable.Length, change.At));
        else
            _stable.Write(change.Bytes, change.At);
    }

    /// <summary>
    /// Sectors reach the disk in any order, and so does the file's length: what was never written reads as it was before, or as zeroes.
    /// </summary>
    private void Tear(Change change, Random chance)
    {
        var outcome = chance.Next(4);
        if (outcome == 0)
            return;
        if (outcome == 1 || change.Bytes is not { } bytes)
        {
            Apply(change);
            return;
        }

        var whole = change.At + bytes.Length;
        var sectors = ((whole - 1) / Sector) - (change.At / Sector) + 1;
        var end = chance.Next(3) == 0 ? whole : Math.Min(whole, ((change.At / Sector) + 1 + chance.Next(sectors)) * Sector);
        _stable.Resize(Math.Max(_stable.Length, end));
        for (var start = change.At; start < end;)
        {
            var next = Math.Min(end, ((start / Sector) + 1) * Sector);
            if (chance.Next(2) == 0)
                _stable.Write(bytes.AsSpan(start - change.At, next - start), start);
            start = next;
        }
    }

    /// <summary>Bytes that were written at some place, or, without bytes, a cut there.</summary>
    private sealed class Change
    {
        public byte[]? Bytes { get; init; }

        public int At { get; init; }

        public bool IsGivenUp { get; set; }
    }
}
