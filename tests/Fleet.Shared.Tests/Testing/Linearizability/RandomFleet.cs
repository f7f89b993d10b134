using System.Collections.Immutable;
using Fleet.Shared.Model;
using Fleet.Testing.Linearizability;

namespace Fleet.Shared.Tests.Testing.Linearizability;

/// <summary>
/// A fleet of the simplest kind, whose history is right by the way it is made: one dictionary, and changes that are done at one moment between
/// asking and answer. Between any two of an operator's own moments other operators have theirs. It dies now and then, and whoever waits does not
/// learn what came of it.
/// </summary>
/// <param name="words">How many definitions there are; without a bound, every one is new.</param>
internal sealed class RandomFleet(Random chance, int operators, int services, int words)
{
    private readonly Recorder _recorder = new();
    private readonly Dictionary<Item, string> _values = [];
    private readonly Waiting?[] _waiting = new Waiting?[operators];
    private readonly List<Waiting> _late = [];
    private readonly int[] _lives = new int[operators];
    private MapVersion _version = new(1, 1);
    private int _definitions;
    private long _now;

    public static History Play(Random chance, int calls, int operators = 5, int services = 4, int words = int.MaxValue)
    {
        var fleet = new RandomFleet(chance, operators, services, words);
        for (var asked = 0; asked < calls;)
            asked += fleet.Move() ? 1 : 0;
        return fleet._recorder.History;
    }

    /// <summary>One thing happens; true when it is that somebody asks.</summary>
    private bool Move()
    {
        _now += chance.Next(3);
        if (chance.Next(100) == 0)
            Die();
        if (chance.Next(10) == 0)
            _version = _version with { Revision = _version.Revision + 1 };
        if (_late.Count > 0 && chance.Next(20) == 0)
            Happen(_late[chance.Next(_late.Count)]);
        var who = chance.Next(operators);
        if (_waiting[who] is not { } mine)
        {
            var operation = Some();
            _waiting[who] = new Waiting(_recorder.Invoke($"op-{who}.{_lives[who]}", operation, _now), operation);
            return true;
        }

        if (mine.Outcome is null)
        {
            Happen(mine);
            return false;
        }

        _recorder.Return(mine.Token, mine.Outcome, _now);
        _waiting[who] = null;
        return false;
    }

    /// <summary>Nobody who waits is told anything. Of their changes some have happened, some cannot any more, and some will.</summary>
    private void Die()
    {
        _version = new MapVersion(_version.Term + 1, _version.Revision + 1);
        for (var who = 0; who < operators; who++)
        {
            if (_waiting[who] is not { } lost)
                continue;
            var isOver = chance.Next(2) == 0;
            _recorder.Unknown(lost.Token, isOver ? _now : null);
            _lives[who]++;
            _waiting[who] = null;
            if (!isOver && lost.Outcome is null && lost.Operation is Operation.Change)
                _late.Add(lost);
        }
    }

    private void Happen(Waiting call)
    {
        _late.Remove(call);
        call.Outcome = call.Operation switch
        {
            Operation.Change when chance.Next(15) == 0 => new Outcome.Refused(Refusal.Rule),
            Operation.Change { IfVersion: { } wanted } when wanted != _version => new Outcome.Refused(Refusal.Stale),
            Operation.Change change => Change(change),
            _ => new Outcome.Saw(Look()),
        };
    }

    private Outcome Change(Operation.Change change)
    {
        var before = _values.GetValueOrDefault(change.Item);
        if (before == change.Value)
            return before is null ? new Outcome.Refused(Refusal.NotThere) : new Outcome.Done(_version, Changed: false);
        _version = _version with { Revision = _version.Revision + 1 };
        if (change.Value is null)
            _values.Remove(change.Item);
        else
            _values[change.Item] = change.Value;
        return new Outcome.Done(_version);
    }

    private Observation Look()
    {
        var one = Item.For(Service());
        if (chance.Next(6) == 0)
            return Observation.One(one, _values.GetValueOrDefault(one));
        var all = _values.ToImmutableSortedDictionary(pair => pair.Key, string? (pair) => pair.Value);
        return new Observation { Version = _version, Values = all, Whole = [ItemKind.Service] };
    }

    private Operation Some() => chance.Next(10) switch
    {
        < 4 => Operation.Apply(Service(), $"d{++_definitions % words}", chance.Next(4) == 0 ? _version : null),
        4 or 5 => Operation.Remove(Service(), chance.Next(4) == 0 ? _version : null),
        _ => Operation.Read,
    };

    private ServiceName Service() => ServiceName.Parse($"s{chance.Next(services)}");

    private sealed record Waiting(Token Token, Operation Operation)
    {
        public Outcome? Outcome { get; set; }
    }
}
