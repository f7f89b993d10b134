using System.Collections.Immutable;
using Fleet.Benchmarks.Faults.Judging;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>All acknowledgements that anybody heard. May be used by many threads.</summary>
internal sealed class Sightings
{
    private readonly Lock _gate = new();
    private readonly List<Acknowledgement> _heard = [];
    private int _leader;

    /// <summary>The number of the coordinator of the newest term that acknowledged anything.</summary>
    public int Leader
    {
        get
        {
            lock (_gate)
                return _leader;
        }
    }

    public ImmutableArray<Acknowledgement> All
    {
        get
        {
            lock (_gate)
                return [.. _heard];
        }
    }

    public long Term { get; private set; }

    public void Add(Acknowledgement acknowledgement)
    {
        lock (_gate)
        {
            _heard.Add(acknowledgement);
            if (acknowledgement.Term >= Term)
                (Term, _leader) = (acknowledgement.Term, acknowledgement.Coordinator);
        }
    }

    /// <summary>
    /// Whether somebody else has acknowledged something that was asked for after that moment. Then whatever a process that was dead by then had under
    /// way is done, or is fenced for good.
    /// </summary>
    public Instant? FirstAskedAfter(Instant moment)
    {
        lock (_gate)
        {
            for (var i = _heard.Count - 1; i >= 0; i--)
            {
                if (_heard[i].Asked > moment)
                    return _heard[i].Heard;
            }

            return null;
        }
    }
}
