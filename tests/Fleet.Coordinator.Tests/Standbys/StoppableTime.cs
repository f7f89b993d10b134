namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>
/// The clock of one process on a host whose clock a test moves. While the process is stopped its clock goes on and nothing in it runs: timers fire
/// when it goes on, each once, and what others sent it arrives then.
/// </summary>
internal sealed class StoppableTime(TimeProvider host) : TimeProvider
{
    private readonly List<Action> _waiting = [];
    private readonly HashSet<object> _rung = [];

    public bool IsStopped { get; private set; }

    public bool IsDead { get; private set; }

    public override long TimestampFrequency => host.TimestampFrequency;

    public override long GetTimestamp() => host.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => host.GetUtcNow();

    public void Stop() => IsStopped = true;

    /// <summary>Nothing of it ever runs again.</summary>
    public void Die() => (IsStopped, IsDead) = (true, true);

    public void Continue()
    {
        IsStopped = IsDead;
        if (IsDead)
            return;
        var due = _waiting.ToArray();
        _waiting.Clear();
        _rung.Clear();
        foreach (var one in due)
            one();
    }

    /// <summary>Now, or when the process goes on.</summary>
    public void Do(Action action)
    {
        if (IsStopped)
            _waiting.Add(action);
        else
            action();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new object();
        return host.CreateTimer(_ => Ring(timer, () => callback(state)), null, dueTime, period);
    }

    private void Ring(object timer, Action callback)
    {
        if (!IsStopped || _rung.Add(timer))
            Do(callback);
    }
}
