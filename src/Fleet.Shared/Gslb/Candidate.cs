using System.Net;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>How reluctantly DNS answers an address: no address of a later kind while one of an earlier kind is left, at any site.</summary>
public enum AnswerTier
{
    /// <summary>As good as any.</summary>
    None,

    /// <summary>It weighs nothing: its weight, or its feedback agent, asks for no more.</summary>
    Drained,

    /// <summary>Its site was out and has not been well for the hold-down.</summary>
    HeldDown,

    /// <summary>Its owner has not been heard for a lease and more.</summary>
    Suspected,

    /// <summary>None of its backends is up, and its pool then uses them all.</summary>
    Desperate,

    /// <summary>Not answered at all: nobody holds it, or nothing is behind it.</summary>
    Out,
}

/// <summary>One address of a service, and whether DNS may answer it.</summary>
/// <param name="Address">VIP or backend.</param>
/// <param name="Weight">Its chance next to its siblings; 0 only where it is <see cref="AnswerTier.Drained"/>.</param>
/// <param name="Site">Where it is: its owner's site, or the backend's own; null is nowhere in particular.</param>
/// <param name="Phase">
/// For a backend: <see cref="VipPhase.Serving"/> while it is up, <see cref="VipPhase.Arriving"/> while it is still unknown.
/// </param>
/// <param name="Holder">The node that owns it, or the backend's name; null is nobody.</param>
public readonly record struct Candidate(
    IPAddress Address,
    int Weight,
    SiteName? Site = null,
    AnswerTier AnswerTier = AnswerTier.None,
    VipPhase Phase = VipPhase.Serving,
    string? Holder = null)
{
    /// <summary>Grades are answered in ascending order; an address that has yet to arrive comes after one that is there.</summary>
    public int Grade => ((int)AnswerTier * 2) + (Phase == VipPhase.Arriving ? 1 : 0);

    /// <summary>Grades from here on are not answered.</summary>
    public const int GradeMax = (int)AnswerTier.Out * 2;
}
