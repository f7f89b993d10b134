using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>Both sides of watching: what this node's witnesses have vouched for, and whom this node has vouched for itself.</summary>
internal sealed class WitnessLedger(Instant began)
{
    private const int Remembered = 64;

    /// <summary>
    /// How long after each question a witness does not vouch for a node that the leader fences. The questions come more often than that.
    /// </summary>
    private static readonly TimeSpan WithholdFor = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<long, (Instant At, WitnessKind Kind)> _sent = [];
    private readonly Dictionary<NodeName, Vouches> _vouchedBy = [];
    private readonly Dictionary<NodeName, Instant> _vouchedFor = [];
    private readonly Dictionary<NodeName, Instant> _testifiedOf = [];
    private readonly Dictionary<NodeName, Instant> _withheldUntil = [];
    private long _seq;

    /// <summary>The number of a new round of probes, sent now.</summary>
    public long Probe(Instant now, WitnessKind kind = WitnessKind.Probe)
    {
        _sent[++_seq] = (now, kind);
        _sent.Remove(_seq - Remembered);
        return _seq;
    }

    /// <summary>A witness heard the probe of that number.</summary>
    public void HearVouch(NodeName witness, long number, Instant now)
    {
        if (!_sent.TryGetValue(number, out var probe))
            return;
        var known = _vouchedBy.GetValueOrDefault(witness) ?? Vouches.None;
        _vouchedBy[witness] = new Vouches(
            Instant.Max(known.Any, probe.At),
            probe.Kind == WitnessKind.Revive ? Instant.Max(known.Revived, probe.At) : known.Revived,
            known.RoundTrip.With(now - probe.At));
    }

    /// <summary>The newest moment that a quorum of these witnesses has heard of; never when they are too few.</summary>
    public Instant QuorumHeard(ImmutableArray<NodeName> witnesses) => Quorum(witnesses, v => v.Any);

    /// <summary>The same for the moments at which this node said that its lease had run out.</summary>
    public Instant QuorumRevived(ImmutableArray<NodeName> witnesses) => Quorum(witnesses, v => v.Revived);

    /// <summary>How long a vouching quorum of these witnesses has taken lately; zero while too few have answered.</summary>
    public TimeSpan QuorumRoundTrip(ImmutableArray<NodeName> witnesses)
    {
        var known = witnesses
            .Select(w => _vouchedBy.GetValueOrDefault(w)?.RoundTrip.Peak ?? TimeSpan.Zero)
            .Where(r => r > TimeSpan.Zero)
            .Order()
            .ToArray();
        var quorum = WitnessQuorum.Vouching(witnesses.Length);
        return witnesses.IsEmpty || known.Length < quorum ? TimeSpan.Zero : known[quorum - 1];
    }

    /// <summary>Vouches for a peer that has just asked, unless the leader has said not to.</summary>
    public bool TryVouch(NodeName peer, Instant now)
    {
        if (now < _withheldUntil.GetValueOrDefault(peer, Instant.Never))
            return false;
        _vouchedFor[peer] = now;
        return true;
    }

    /// <summary>
    /// Vouches for a peer whose lease has run out, if this node has not told any leader since before then that it does not hear that peer. Without
    /// this node's word, nobody can have proven that the peer's VIPs may be given away. An agent that has not been running that long does not know
    /// what it told.
    /// </summary>
    /// <param name="cover">
    /// How far back this must hold: for as long as the peer's lease has been over by its clock, plus its duration, which is the longest that this
    /// answer can count for.
    /// </param>
    /// <param name="terms">The lease that this node knows.</param>
    public bool TryRevive(NodeName peer, TimeSpan cover, LeaseTerms terms, Instant now)
    {
        // Two clocks may run apart by an eighth, as the margin allows for in a lease.
        var unbroken = now - Instant.Max(began, _testifiedOf.GetValueOrDefault(peer, Instant.Never));
        return unbroken > cover + (cover / 8) + (terms.DurationAndMargin - terms.Duration) && TryVouch(peer, now);
    }

    /// <summary>
    /// For how long this node has surely not vouched for those peers. An agent that has just started does not know what it did before.
    /// </summary>
    public NodeMessage.WitnessReply TakeWitnessReply(LeaderMessage.WitnessQuery query, Instant now)
    {
        foreach (var withheld in query.Withheld)
            _withheldUntil[withheld] = now + WithholdFor;
        var silences = query.Nodes.Select(peer =>
        {
            _testifiedOf[peer] = now;
            var silent = now - Instant.Max(began, _vouchedFor.GetValueOrDefault(peer, Instant.Never));
            return new NodeSilence(peer, (long)silent.TotalMicroseconds);
        });
        return new NodeMessage.WitnessReply(query.Id, [.. silences]);
    }

    private Instant Quorum(ImmutableArray<NodeName> witnesses, Func<Vouches, Instant> moment) => witnesses.IsEmpty
        ? Instant.Never
        : witnesses
            .Select(w => moment(_vouchedBy.GetValueOrDefault(w) ?? Vouches.None))
            .OrderDescending()
            .ElementAt(WitnessQuorum.Vouching(witnesses.Length) - 1);

    /// <summary>What a witness has heard.</summary>
    /// <param name="Any">When the newest probe that it vouched for was sent.</param>
    /// <param name="Revived">The same for the probes that said that the lease had run out.</param>
    private sealed record Vouches(Instant Any, Instant Revived, RoundTrip RoundTrip)
    {
        public static readonly Vouches None = new(Instant.Never, Instant.Never, RoundTrip.Unknown);
    }
}
