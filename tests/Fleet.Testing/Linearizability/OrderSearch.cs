using System.Collections.Immutable;

namespace Fleet.Testing.Linearizability;

/// <summary>
/// Looks for an order of the calls about one thing that keeps the order of real time and that the thing's law allows: the search of J. M. Wing and
/// C. Gong, "Testing and Verifying Concurrent Objects" (JPDC 17, 1993), with the cache of (calls ordered so far, state) of G. Lowe, "Testing for
/// Linearizability" (CCPE 29(4), 2017), as A. Athalye's Porcupine has it.
/// <para>
/// Changes of unknown outcome may be left out, so one is ordered only where an answer needs it: just before that answer. One suffices, because an
/// answer shows only the last change. An answer that fits without a change is not tried with one: the state after it is the same, and more is left
/// for later.
/// </para>
/// </summary>
/// <param name="answered">Calls whose outcome is known, in the order of asking.</param>
/// <param name="open">Changes of unknown outcome, in the order of asking.</param>
internal sealed class OrderSearch(ItemModel model, ImmutableArray<BoundedCall> answered, ImmutableArray<BoundedCall> open, StepBudget budget)
{
    private readonly CallSet _done = new(answered.Length + open.Length);
    private readonly HashSet<(CallSet Done, ItemState State)> _seen = [];

    public SearchResult Run(ItemState start)
    {
        var top = new Node(null, default, start, default, 0, Moves(start, default, 0));
        var deepest = top;
        while (true)
        {
            deepest = top.Depth > deepest.Depth ? top : deepest;
            if (deepest.Depth == answered.Length)
                return new SearchResult(true, Order(deepest), deepest.State);
            if (budget.IsSpent)
                return new SearchResult(null, Order(deepest), deepest.State);
            if (top.Left.TryDequeue(out var move))
            {
                top = Follow(top, move);
                continue;
            }

            if (top.Parent is null)
                return new SearchResult(false, Order(deepest), deepest.State);
            Mark(top.By, isDone: false);
            top = top.Parent;
        }
    }

    /// <summary>The node after that move; the same node when the search has been there.</summary>
    private Node Follow(Node top, Move move)
    {
        budget.Spend();
        Mark(move, isDone: true);
        if (!_seen.Add((_done.Copy(), move.State)))
        {
            Mark(move, isDone: false);
            return top;
        }

        var first = top.First;
        while (first < answered.Length && _done.Has(first))
            first++;
        var latest = Later(top.Latest, answered[move.Answered].Call.Invoked);
        if (move.Open is { } before)
            latest = Later(latest, open[before].Call.Invoked);
        return new Node(top, move, move.State, latest, first, Moves(move.State, latest, first));
    }

    /// <summary>
    /// Every answer that can come next, alone or just after a change of unknown outcome; the earliest revision first, because it is the likeliest.
    /// </summary>
    private Queue<Move> Moves(ItemState state, Moment latest, int first)
    {
        var horizon = Moment.Never;
        var end = first;
        for (; end < answered.Length && answered[end].Call.Invoked < horizon; end++)
        {
            if (!_done.Has(end) && answered[end].Call.Returned < horizon)
                horizon = answered[end].Call.Returned;
        }

        var moves = new List<Move>();
        for (var i = first; i < end; i++)
        {
            if (_done.Has(i) || answered[i].Call.Invoked > horizon)
                continue;
            if (model.Answered(state, answered[i]) is { } next)
                moves.Add(new Move(i, null, next));
            else
                moves.AddRange(After(state, i, latest, horizon));
        }

        return new Queue<Move>(moves.OrderBy(move => move.State.Revision));
    }

    /// <summary>
    /// That answer, each time after another change of unknown outcome. Some changes differ only in how long they stay possible. Of these, only the
    /// one with the shortest time is tried: whatever an order does with it, and later with the other, it can do the other way round.
    /// </summary>
    private List<Move> After(ItemState state, int answer, Moment latest, Moment horizon)
    {
        var moves = new List<Move>();
        var plain = new List<Move>();
        for (var i = 0; i < open.Length && open[i].Call.Invoked < horizon; i++)
        {
            if (_done.Has(answered.Length + i) || open[i].Call.Returned < latest)
                continue;
            if (model.Happened(state, open[i]) is not { } between || model.Answered(between, answered[answer]) is not { } next)
                continue;
            var move = new Move(answer, i, next);
            var twin = plain.FindIndex(other => ValueOf(other.Open!.Value) == ValueOf(i));
            if (!IsPlain(state, open[i]))
                moves.Add(move);
            else if (twin < 0)
                plain.Add(move);
            else if (open[i].Call.Returned < open[plain[twin].Open!.Value].Call.Returned)
                plain[twin] = move;
        }

        moves.AddRange(plain);
        return moves;
    }

    /// <summary>The version it named and the moment it was asked for tell no more about its revision than the state does.</summary>
    private static bool IsPlain(ItemState state, BoundedCall change) =>
        change.Floor.Revision <= state.Revision && change.Call.Operation is Operation.Change { IfVersion: null };

    private string? ValueOf(int change) => ((Operation.Change)open[change].Call.Operation).Value;

    private void Mark(Move move, bool isDone)
    {
        _done.Set(move.Answered, isDone);
        if (move.Open is { } before)
            _done.Set(answered.Length + before, isDone);
    }

    private ImmutableArray<Call> Order(Node deepest)
    {
        var order = new List<Call>();
        for (var node = deepest; node.Parent is not null; node = node.Parent)
        {
            order.Add(answered[node.By.Answered].Call);
            if (node.By.Open is { } before)
                order.Add(open[before].Call);
        }

        order.Reverse();
        return [.. order];
    }

    private static Moment Later(Moment one, Moment other) => one > other ? one : other;

    /// <summary>An answer comes next, after a change of unknown outcome unless that is null.</summary>
    private readonly record struct Move(int Answered, int? Open, ItemState State);

    /// <param name="Latest">
    /// The latest moment at which anything ordered so far was asked for: a call that became impossible before it cannot come next.
    /// </param>
    /// <param name="First">All answers before this one are ordered.</param>
    /// <param name="Left">What has not been tried here yet.</param>
    private sealed record Node(Node? Parent, Move By, ItemState State, Moment Latest, int First, Queue<Move> Left)
    {
        public int Depth { get; } = Parent is null ? 0 : Parent.Depth + 1;
    }
}

/// <summary>The steps that searches may take together.</summary>
internal sealed class StepBudget(long steps)
{
    public long Taken { get; private set; }

    public bool IsSpent => Taken >= steps;

    public void Spend() => Taken++;
}

/// <param name="Found">True: some order explains every answer. False: none does. Null: the steps ran out.</param>
/// <param name="Longest">The longest order that was found.</param>
/// <param name="Last">How the thing is after it.</param>
internal sealed record SearchResult(bool? Found, ImmutableArray<Call> Longest, ItemState Last);
