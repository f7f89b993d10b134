using System.Collections.Immutable;
using Fleet.Coordinator.Journal;

namespace Fleet.Coordinator.Commands;

/// <summary>Why a command was refused, as far as the asker must act differently. The API turns it into a status.</summary>
internal enum RefusalKind
{
    NotFound,

    /// <summary>The fleet is not in a state that allows it.</summary>
    Conflict,

    /// <summary>The fleet has moved on since the asker looked.</summary>
    Stale,

    /// <summary>It makes no sense in any state.</summary>
    Invalid,

    /// <summary>This principal may not do it.</summary>
    Forbidden,

    /// <summary>It cannot be done now, and nothing was changed.</summary>
    Unavailable,

    /// <summary>Whether it was done is not known: the asker must look before asking again.</summary>
    OutcomeUnknown,

    /// <summary>The coordinator made a mistake: the log has it, under <see cref="Decision.Refused.Id"/>.</summary>
    Failed,
}

/// <summary>The decider's answer to a command: events, or a refusal that changes nothing. There are no events when the fleet is so already.</summary>
internal abstract record Decision
{
    private Decision()
    {
    }

    /// <param name="Text">What was done, in a sentence.</param>
    public sealed record Accepted(ImmutableArray<FleetEvent> Events, string Text) : Decision;

    /// <param name="Reason">What stands in the way and what to do about it.</param>
    /// <param name="Id">What the log calls it, where that says more than the reason.</param>
    public sealed record Refused(RefusalKind Kind, string Reason, string? Id = null) : Decision;

    public static Decision Accept(string text, params ReadOnlySpan<FleetEvent> events) => new Accepted([.. events], text);

    public static Decision Refuse(RefusalKind kind, string reason) => new Refused(kind, reason);
}
