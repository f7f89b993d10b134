using Fleet.Shared.Map;

namespace Fleet.Coordinator.Commands;

/// <summary>What states are called in sentences.</summary>
internal static class Words
{
    public static string Describe(NodeIntent intent) => intent switch
    {
        NodeIntent.Active => "taking its share",
        NodeIntent.Cordoned => "cordoned",
        NodeIntent.Draining => "draining",
        _ => "leaving",
    };

    public static string Describe(MoveReason reason, string? from) => reason switch
    {
        MoveReason.Placed => "it was new",
        MoveReason.OwnerLost => $"its owner {from} was lost",
        MoveReason.OwnerDraining => $"its owner {from} was handing over all it had",
        MoveReason.Overload => $"{from} carried more than it may",
        MoveReason.Protection => $"with it on {from} some failure would have been too much for a survivor",
        MoveReason.OwnerCannotHold => $"its owner {from} could not hold it",
        MoveReason.Outside => $"{from} lies outside the site or segment it belongs to",
        _ => $"{from} had more to do than its peers",
    };
}
