namespace Fleet.Placement.Planning;

/// <summary>How many candidates a search looks at before it is content with what it has.</summary>
internal static class Effort
{
    public const long Levelling = 30_000_000;

    /// <summary>A fleet in which fewer rounds can be afforded is too large to begin anew.</summary>
    public const long AnewRoundsMin = 500;

    public const long Search = 16_000_000;

    /// <summary>For naming with the drill's findings in mind.</summary>
    public const long Rehearsal = 100_000_000;
}
