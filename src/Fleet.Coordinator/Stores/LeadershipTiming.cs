namespace Fleet.Coordinator.Stores;

/// <summary>
/// How long a leader may go on after its store has last said that it leads, in stores where somebody else can take the leadership from a process that
/// lives. Whoever takes it waits for as long, so that never two acknowledge at one time. It is far shorter than the lease or session by which a store
/// notices by itself that a leader is gone: those may be cut short by a standby (<see cref="IFleetStore.DeposeAsync"/>).
/// </summary>
/// <param name="Validity">From the sending of a question that the store answers with yes, by the clock of whoever waits for it.</param>
internal sealed record LeadershipTiming(TimeSpan Validity)
{
    /// <summary>Two clocks that are each wrong by a tenth: 0.9 / 1.1, rounded down.</summary>
    private const double Usable = 0.8;

    public static readonly LeadershipTiming Default = new(TimeSpan.FromMilliseconds(300));

    /// <summary>What the leader counts on, by its own clock.</summary>
    public TimeSpan Counted => Validity * Usable;

    public TimeSpan AskEvery => Validity / 5;

    /// <summary>A question that is lost leaves time for the next one.</summary>
    public TimeSpan AnswerWithin => Counted / 2;
}
