using System.Net;

namespace Fleet.Node.Checks;

/// <summary>One kind of probe. Every implementation passes the contract suite <c>CheckContract</c>.</summary>
internal interface ICheck
{
    /// <summary>
    /// Probes once, over a connection of its own that is closed afterwards. Whatever is wrong with the backend is a result, never an exception.
    /// </summary>
    /// <exception cref="OperationCanceledException">The time for this probe is over; the caller decides what that means.</exception>
    Task<ProbeResult> ProbeAsync(IPEndPoint backend, CancellationToken cancellation);
}

/// <summary>What a probe found.</summary>
/// <param name="Failure">Why it is bad, in a few words for people; null when it is good.</param>
internal readonly record struct ProbeResult(string? Failure)
{
    public static readonly ProbeResult Good;

    public bool IsGood => Failure is null;

    public static ProbeResult Bad(string failure) => new(failure);
}
