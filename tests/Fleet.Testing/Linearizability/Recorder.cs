namespace Fleet.Testing.Linearizability;

/// <summary>
/// Writes a history down while it happens. The caller gives the moments, in microseconds of one clock. The moment of asking is taken before anything
/// is sent, that of an answer after it has come. May be used by many threads.
/// </summary>
/// <param name="start">The fleet as it was before; left out, it had nothing.</param>
public sealed class Recorder(Observation? start = null)
{
    private readonly Lock _gate = new();
    private readonly List<Call> _calls = [];
    private readonly Dictionary<string, int> _open = [];
    private int _order;

    /// <summary>What has happened so far; a call that still waits for its answer has an unknown outcome.</summary>
    public History History
    {
        get
        {
            lock (_gate)
                return new History([.. _calls], start);
        }
    }

    /// <exception cref="InvalidOperationException">That operator still waits for the previous answer: give each operator its own name.</exception>
    public Token Invoke(string who, Operation operation, long micros)
    {
        lock (_gate)
        {
            if (!_open.TryAdd(who, _calls.Count))
                throw new InvalidOperationException($"{who} still waits for the answer to #{_open[who]}.");
            _calls.Add(new Call(_calls.Count, who, operation, new Moment(micros, _order++), Moment.Never, new Outcome.Unknown()));
            return new Token(_calls.Count - 1);
        }
    }

    public void Return(Token token, Outcome outcome, long micros) => Close(token, outcome, micros);

    /// <summary>Nobody knows what came of the call.</summary>
    /// <param name="until">
    /// The moment after which it cannot take effect any more, such as when everything that could do it is dead; left out, there is none.
    /// </param>
    public void Unknown(Token token, long? until = null) => Close(token, new Outcome.Unknown(), until);

    private void Close(Token token, Outcome outcome, long? micros)
    {
        lock (_gate)
        {
            var call = _calls[token.Call];
            if (!_open.TryGetValue(call.Operator, out var waiting) || waiting != token.Call)
                throw new InvalidOperationException($"#{token.Call} of {call.Operator} has its answer already.");
            if (micros < call.Invoked.Micros)
                throw new ArgumentOutOfRangeException(nameof(micros), micros, $"#{token.Call} was asked at {call.Invoked.Micros}.");
            if ((call.Operation is Operation.Look && outcome is Outcome.Done) || (call.Operation is Operation.Change && outcome is Outcome.Saw))
                throw new ArgumentException($"\"{call.Operation}\" cannot be answered by \"{outcome}\".", nameof(outcome));
            _open.Remove(call.Operator);
            _calls[token.Call] = call with { Outcome = outcome, Returned = micros is { } at ? new Moment(at, _order++) : Moment.Never };
        }
    }
}

/// <summary>A call that waits for its answer.</summary>
public readonly record struct Token(int Call);
