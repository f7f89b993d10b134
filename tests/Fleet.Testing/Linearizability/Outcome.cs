using Fleet.Shared.Model;

namespace Fleet.Testing.Linearizability;

/// <summary>Why a change was refused, as far as that can be checked against the state.</summary>
public enum Refusal
{
    /// <summary>The thing that was to be removed is not there. This is not checked for nodes, which come and go by themselves.</summary>
    NotThere,

    /// <summary>The fleet is not at the version that the change named.</summary>
    Stale,

    /// <summary>A rule stands in the way, or it cannot be done now. Nothing is changed; that is legal at any moment.</summary>
    Rule,
}

/// <summary>What an operator was told.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>The version at which it was done or seen, where that was said.</summary>
    public abstract MapVersion? At { get; }

    /// <summary>This made the version it has: no other change has the same.</summary>
    public bool MadeVersion => this is Done { Changed: true };

    /// <summary>The change was carried out.</summary>
    /// <param name="Changed">False when the fleet was already in that state.</param>
    public sealed record Done(MapVersion Version, bool Changed = true) : Outcome
    {
        public override MapVersion? At => Version;

        public override string ToString() => Changed ? $"done at {Version}" : $"so already at {Version}";
    }

    /// <summary>What a read saw.</summary>
    public sealed record Saw(Observation Sight) : Outcome
    {
        public override MapVersion? At => Sight.Version;

        public override string ToString() => $"saw {Sight}";
    }

    /// <summary>Nothing was changed.</summary>
    /// <param name="Version">The fleet's version then, where that was said.</param>
    public sealed record Refused(Refusal Why, MapVersion? Version = null) : Outcome
    {
        public override MapVersion? At => Version;

        public override string ToString() => Why switch
        {
            Refusal.NotThere => "refused: not there",
            Refusal.Stale => "refused: not at that version",
            _ => "refused by a rule",
        } + (Version is { } at ? $", at {at}" : "");
    }

    /// <summary>No answer, or one that says nobody knows: the change was carried out at some moment since it was asked for, or never.</summary>
    public sealed record Unknown : Outcome
    {
        public override MapVersion? At => null;

        public override string ToString() => "outcome unknown";
    }
}
