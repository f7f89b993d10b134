namespace Fleet.Testing.Linearizability;

/// <summary>A moment of true time; within one microsecond, what was recorded first came first.</summary>
public readonly record struct Moment(long Micros, int Order) : IComparable<Moment>
{
    public static readonly Moment Never = new(long.MaxValue, int.MaxValue);

    public static bool operator <(Moment left, Moment right) => left.CompareTo(right) < 0;

    public static bool operator >(Moment left, Moment right) => left.CompareTo(right) > 0;

    public static bool operator <=(Moment left, Moment right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Moment left, Moment right) => left.CompareTo(right) >= 0;

    public int CompareTo(Moment other) => Micros != other.Micros ? Micros.CompareTo(other.Micros) : Order.CompareTo(other.Order);
}

/// <summary>One operation of one operator, from the moment it was asked for until it was answered.</summary>
/// <param name="Returned">
/// For an <see cref="Outcome.Unknown"/> one: the moment after which it cannot take effect any more, <see cref="Moment.Never"/> when there is none.
/// </param>
public sealed record Call(int Id, string Operator, Operation Operation, Moment Invoked, Moment Returned, Outcome Outcome)
{
    /// <summary>A change that may have been carried out or not.</summary>
    public bool IsOpen => Outcome is Outcome.Unknown && Operation is Operation.Change;
}
