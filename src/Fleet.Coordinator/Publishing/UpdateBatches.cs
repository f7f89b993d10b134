using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>
/// Packs changes into as few updates as fit TCP messages, without splitting a name. One update is one transaction, and moves the zone's serial once.
/// </summary>
internal static class UpdateBatches
{
    /// <summary>Names in one update: a bound on how long one update holds up a server.</summary>
    private const int NamesMax = 1000;

    /// <param name="tooLarge">Takes the names whose changes fit no message: some thousands of addresses.</param>
    public static ImmutableArray<ImmutableArray<NameChange>> Split(ImmutableArray<NameChange> changes, DnsName zone, ICollection<LeftAlone> tooLarge)
    {
        var batches = ImmutableArray.CreateBuilder<ImmutableArray<NameChange>>();
        var batch = ImmutableArray.CreateBuilder<NameChange>();
        var octets = 0;
        foreach (var change in changes)
        {
            if (!Update(0, zone, [change]).TryWrite(out var alone))
            {
                tooLarge.Add(new LeftAlone(change.Name, "its records do not fit one update message"));
                continue;
            }

            if (batch.Count == NamesMax || (octets += alone.Length) > DnsUpdate.SizeMax)
            {
                Close();
                octets = alone.Length;
            }

            batch.Add(change);
        }

        Close();
        return batches.ToImmutable();

        void Close()
        {
            if (batch.Count > 0)
                batches.Add(batch.DrainToImmutable());
            octets = 0;
        }
    }

    public static DnsUpdate Update(ushort id, DnsName zone, ImmutableArray<NameChange> batch) =>
        new(id, zone, [.. batch.SelectMany(change => change.Conditions)], [.. batch.SelectMany(change => change.Changes)]);
}
