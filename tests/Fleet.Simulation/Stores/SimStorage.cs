using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

namespace Fleet.Simulation.Stores;

/// <summary>
/// What a replicated store holds, with true time: each call happens as a whole, at one moment, after all that happened before. Who leads is in it, by
/// a session that ends when nothing is heard of it for so long. Texts are kept, so that no two coordinators share an object.
/// </summary>
/// <param name="now">True time, microseconds.</param>
/// <param name="kept">So many of the newest entries are not dropped, whatever a snapshot covers.</param>
internal sealed class SimStorage(Func<long> now, int kept, TimeSpan sessionMax)
{
    private readonly List<byte[]> _entries = [];
    private readonly Dictionary<long, long> _stood = [];
    private readonly Dictionary<object, int> _settled = [];
    private byte[]? _snapshot;
    private long _snapshotRevision;
    private Holder? _holder;
    private bool _isGivenBack = true;

    /// <summary>Counts whatever a watch tells of.</summary>
    public long Changes { get; private set; }

    /// <summary>Each is told after each change.</summary>
    public List<Action> Followers { get; } = [];

    /// <summary>Told of each entry in the moment in which it is in the journal.</summary>
    public Action<JournalEntry>? Appended { get; set; }

    public StoreFlaw Flaw { get; set; }

    public bool IsFull { get; set; }

    /// <summary>The newest term that was given.</summary>
    public long Term { get; private set; }

    /// <summary>Who leads, as of now; null when nobody does.</summary>
    public TermHolder? Leader => _holder is { } holder ? new TermHolder(holder.Term, holder.Address) : null;

    private long Dropped { get; set; }

    private long Last => Dropped + _entries.Count;

    /// <summary>When the latest question was sent that was answered with "you lead that term"; null when none was.</summary>
    public long? Stood(long term) => _stood.TryGetValue(term, out var sent) ? sent : null;

    /// <summary>The terms that were ever told that they stand.</summary>
    public IEnumerable<long> Terms => _stood.Keys;

    /// <summary>Ends the session of a leader of whom nothing has been heard.</summary>
    public void Expire()
    {
        if (_holder is { } holder && now() >= holder.Until)
            Free(isGivenBack: false);
    }

    /// <summary>The store was away: sessions begin anew, as with a new leader among its own members.</summary>
    public void RefreshSessions()
    {
        if (_holder is { } holder)
            holder.Until = now() + Span;
    }

    /// <summary>Forgets who leads.</summary>
    public bool LoseSession()
    {
        var was = _holder is not null;
        if (was)
            Free(isGivenBack: false);
        return was;
    }

    /// <summary>Asked again with the same campaign, because an answer was lost, it gives the same term.</summary>
    public Campaigned Campaign(object session, object campaign, CoordinatorAddress address)
    {
        Expire();
        if (_holder is { } known && known.Campaign == campaign)
            return new Campaigned(known.Term, known.MayBeginAtOnce, Changes);
        if (_holder is { } other && other.Session != session)
            return new Campaigned(null, false, Changes);
        var isOwn = _holder is { HasBegun: true } or { MayBeginAtOnce: true };
        _holder = new Holder(session, campaign, ++Term, address, isOwn || _isGivenBack || Flaw == StoreFlaw.NoWait) { Until = now() + Span };
        _isGivenBack = false;
        Change();
        return new Campaigned(Term, _holder.MayBeginAtOnce, Changes);
    }

    /// <summary>"Do I still lead?" It keeps the session, and the holder may count on the answer from when the question was sent.</summary>
    public bool Stands(object session, long term, long sent)
    {
        Expire();
        var stands = _holder is { } holder && holder.Session == session && holder.Term == term;
        if (stands)
        {
            (_holder!.Until, _holder.HasBegun) = (now() + Span, true);
            _stood[term] = Math.Max(sent, _stood.GetValueOrDefault(term, sent));
        }

        return stands || Flaw == StoreFlaw.DeposedIsToldItLeads;
    }

    public void Depose(long term)
    {
        if (_holder?.Term == term)
            Free(isGivenBack: Flaw == StoreFlaw.TakenCountsAsGivenBack);
    }

    /// <summary>
    /// The holder has ended its leadership, and says so. What it had won and not begun says nothing of the one before, who may still acknowledge.
    /// </summary>
    public void GiveBack(object session)
    {
        if (_holder is { } holder && holder.Session == session)
            Free(isGivenBack: holder.HasBegun || holder.MayBeginAtOnce || Flaw == StoreFlaw.GivenBackBeforeItBegan);
    }

    /// <param name="attempt">Those that a read has settled are carried out no more.</param>
    public void Append(object session, int attempt, JournalEntry entry)
    {
        if (attempt <= _settled.GetValueOrDefault(session) && Flaw is not (StoreFlaw.ReadSettlesNothing or StoreFlaw.AppendsAreNotCompared))
            throw new StoreUnreachableException("A read has settled that this is not written.") { IsSurelyNotWritten = true };
        Fence(session, entry.Term);
        if (entry.Revision != Last + 1 && Flaw != StoreFlaw.AppendsAreNotCompared)
            throw new ArgumentException($"The next revision is {Last + 1}.", nameof(entry));
        if (IsFull)
            throw new StoreUnreachableException("The store has no space left.") { IsSurelyNotWritten = true };
        if (Flaw == StoreFlaw.ForgetsWhatItAcknowledged && entry.Revision % 40 == 0)
            return;
        var text = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);
        _entries.Add(text);
        Appended?.Invoke(entry);
        Change();
    }

    /// <param name="settles">The session whose attempts, up to that one, are settled by this: what is not there now will not come.</param>
    public ImmutableArray<JournalEntry> Read(long from, (object Session, int Attempt)? settles = null)
    {
        if (settles is var (session, attempt))
            _settled[session] = Math.Max(attempt, _settled.GetValueOrDefault(session));
        return [.. _entries.Skip((int)Math.Max(0, from - Dropped - 1)).Select(Parse)];
    }

    /// <summary>For those who follow: what comes next, and how much has changed by then.</summary>
    public (ImmutableArray<JournalEntry> Entries, long Changes) Tail(long next) =>
        next <= Dropped ? throw new OvertakenException(next, Dropped + 1) : (Read(next), Changes);

    public void Save(object session, FleetState state)
    {
        Fence(session, Term);
        var revision = state.Map.Version.Revision;
        if (revision > Last)
            throw new ArgumentException("Not appended.", nameof(state));
        if (revision < _snapshotRevision)
            return;
        (_snapshot, _snapshotRevision) = (JsonSerializer.SerializeToUtf8Bytes(state, JournalJson.Default.FleetState), revision);
        var count = (int)Math.Max(0, Math.Min(revision, Last - kept) - Dropped);
        _entries.RemoveRange(0, count);
        Dropped += count;
    }

    public FleetState? Load() => _snapshot is null ? null : JsonSerializer.Deserialize(_snapshot, JournalJson.Default.FleetState);

    private long Span => (long)sessionMax.TotalMicroseconds;

    private static JournalEntry Parse(byte[] text) => JsonSerializer.Deserialize(text, JournalJson.Default.JournalEntry)!;

    private void Fence(object session, long term)
    {
        Expire();
        var isLeader = _holder is { } holder && holder.Session == session && term == Term;
        if (!isLeader && Flaw != StoreFlaw.AppendsAreNotCompared)
            throw new FencedException(term, Term);
    }

    private void Free(bool isGivenBack)
    {
        (_holder, _isGivenBack) = (null, isGivenBack);
        Change();
    }

    private void Change()
    {
        Changes++;
        foreach (var follower in Followers.ToArray())
            follower();
    }

    private sealed class Holder(object session, object campaign, long term, CoordinatorAddress address, bool mayBeginAtOnce)
    {
        public object Session => session;

        public object Campaign => campaign;

        public long Term => term;

        public CoordinatorAddress Address => address;

        public bool MayBeginAtOnce => mayBeginAtOnce;

        /// <summary>It was told that it stands after it had waited, and may have acknowledged something.</summary>
        public bool HasBegun { get; set; }

        public long Until { get; set; }
    }
}

/// <summary>What came of a campaign.</summary>
/// <param name="Term">Null while somebody else leads.</param>
/// <param name="MayBeginAtOnce">Nobody else can acknowledge anything any more.</param>
/// <param name="Seen">What the store had told by then.</param>
internal sealed record Campaigned(long? Term, bool MayBeginAtOnce, long Seen);
