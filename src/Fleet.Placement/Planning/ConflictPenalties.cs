using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>What survivors hold against owners whose failures were too much for them: the next naming keeps them apart by that much more.</summary>
internal sealed class ConflictPenalties
{
    private readonly Dictionary<(int Owner, int Survivor), Load> _held = [];

    public Load Between(int owner, int survivor) => _held.Count == 0 ? Load.None : _held.GetValueOrDefault((owner, survivor));

    /// <summary>When these owners failed together, the survivor got this much too much.</summary>
    public void Add(ReadOnlySpan<int> owners, int survivor, Load excess)
    {
        var part = new Load(Math.Max(0, excess.Bps) / owners.Length, Math.Max(0, excess.Cps) / owners.Length);
        foreach (var owner in owners)
            _held[(owner, survivor)] = _held.GetValueOrDefault((owner, survivor)) + part;
    }

    public void Forget() => _held.Clear();
}
