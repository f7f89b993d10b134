namespace Fleet.Simulation.Stores;

/// <summary>A mistake that a store could make. Worlds with one show that the checkers find it.</summary>
public enum StoreFlaw
{
    None,

    /// <summary>Whoever wins leads at once, though the one before may still acknowledge.</summary>
    NoWait,

    /// <summary>A leadership that was taken counts as one that was given back.</summary>
    TakenCountsAsGivenBack,

    /// <summary>Somebody who gives back what they had won, and had not begun to use, gives back what was before them too.</summary>
    GivenBackBeforeItBegan,

    /// <summary>A deposed leader is told that it still leads.</summary>
    DeposedIsToldItLeads,

    /// <summary>An entry is put where it says, whoever says it, over what is there.</summary>
    AppendsAreNotCompared,

    /// <summary>A write that timed out may be carried out after a read has not found it.</summary>
    ReadSettlesNothing,

    /// <summary>An entry that was acknowledged is not there.</summary>
    ForgetsWhatItAcknowledged,
}
