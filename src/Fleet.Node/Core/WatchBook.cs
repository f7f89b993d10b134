using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>Both sides of watching: what this node's watchers have vouched for, and whom this node has vouched for itself.</summary>
public sealed class WatchBook(Instant began)
{
    private const int Remembered = 64;

    private readonly Dictionary<long, Instant> sent = [];
    private readonly Dictionary<NodeName, Instant> vouchedBy = [];
    private readonly Dictionary<NodeName, Instant> vouchedFor = [];
    private long seq;

    /// <summary>The number of a new round of probes, sent now.</summary>
    public long Probe(Instant now)
    {
        sent[++seq] = now;
        sent.Remove(seq - Remembered);
        return seq;
    }

    /// <summary>A watcher heard the probe of that number.</summary>
    public void HearVouch(NodeName watcher, long number)
    {
        if (sent.TryGetValue(number, out var at) && at > vouchedBy.GetValueOrDefault(watcher, Instant.Never))
            vouchedBy[watcher] = at;
    }

    /// <summary>The newest moment of which a quorum of these watchers has heard; never when they are too few.</summary>
    public Instant QuorumHeard(ImmutableArray<NodeName> watchers) => watchers.IsEmpty
        ? Instant.Never
        : watchers.Select(w => vouchedBy.GetValueOrDefault(w, Instant.Never)).OrderDescending().ElementAt(WatchQuorum.Vouching(watchers.Length) - 1);

    /// <summary>This node vouches for a peer that has just asked.</summary>
    public void Vouch(NodeName peer, Instant now) => vouchedFor[peer] = now;

    /// <summary>For how long this node has surely not vouched for that peer. An agent that has just started does not know what it did before.</summary>
    public Up.Testimony Testify(Down.Inquiry inquiry, Instant now)
    {
        var silent = now - Instant.Max(began, vouchedFor.GetValueOrDefault(inquiry.Node, Instant.Never));
        return new Up.Testimony(inquiry.Id, inquiry.Node, (long)silent.TotalMicroseconds);
    }
}
