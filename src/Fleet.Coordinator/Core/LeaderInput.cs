using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Core;

/// <summary>Everything that reaches a leader, through its one mailbox.</summary>
internal abstract record LeaderInput
{
    private LeaderInput()
    {
    }

    /// <summary>Time has passed.</summary>
    public sealed record Tick : LeaderInput;

    /// <summary>A node said something on a connection.</summary>
    /// <param name="By">Who is at the other end; until a node has proven its name, this is the name in its hello.</param>
    public sealed record Said(long Connection, Principal By, NodeMessage Message) : LeaderInput;

    /// <summary>A connection is closed.</summary>
    public sealed record Parted(long Connection) : LeaderInput;

    /// <summary>Somebody asks for a change.</summary>
    /// <param name="Origin">Comes back with the answer.</param>
    /// <param name="IfVersion">Refuse unless this is the map's version.</param>
    /// <param name="Force">Do it even when the protection would not hold with it.</param>
    public sealed record Asked(RequestOrigin Origin, Command Command, Principal By, MapVersion? IfVersion, bool Force = false) : LeaderInput;

    /// <summary>A command has been judged.</summary>
    /// <param name="Comparison">Null when it could not be.</param>
    /// <param name="Failure">Why it could not.</param>
    public sealed record ProtectionCompared(long Ticket, ProtectionComparison? Comparison, string? Failure = null) : LeaderInput;

    /// <summary>A plan that was ordered has been made.</summary>
    /// <param name="Plan">Null when it could not be made.</param>
    /// <param name="Failure">Why it could not.</param>
    public sealed record Planned(PreparedPlan? Plan, TimeSpan Took, string? Failure = null) : LeaderInput;
}

/// <summary>What a leader wants done; the shell does it with no choices left.</summary>
internal abstract record LeaderWork
{
    private LeaderWork()
    {
    }

    public sealed record Send(long Connection, LeaderMessage Message) : LeaderWork;

    public sealed record Close(long Connection) : LeaderWork;

    public sealed record Answer(RequestOrigin Origin, Decision Decision, MapVersion Version) : LeaderWork;

    /// <summary>Make a plan, elsewhere: it may take a second. It is to come back as <see cref="LeaderInput.Planned"/>.</summary>
    public sealed record Plan(PlanRequest Request) : LeaderWork;

    /// <summary>
    /// Find out, elsewhere, whether a command breaks the protection. It is to come back as <see cref="LeaderInput.ProtectionCompared"/>.
    /// </summary>
    public sealed record CompareProtection(long Ticket, PlanRequest Before, PlanRequest After) : LeaderWork;
}

/// <summary>The works that can be done at once, and the entry that has to be in the journal before anything else happens.</summary>
internal sealed record LeaderStep(IReadOnlyList<LeaderWork> Works, JournalEntry? Entry);
