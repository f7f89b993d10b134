using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>What can be wrong with a placement apart from loads. Sorted in the order in which they are reported for one VIP.</summary>
internal enum Fault
{
    Uncountable,
    NodeListedTwice,
    ListedTwice,
    Unasked,
    AssignedTwice,
    Unassigned,
    OwnerUnknown,
    OwnerDown,
    OwnerDraining,
    OwnerOutside,
    OwnerCordoned,
    StandbyUnknown,
    StandbyIsOwner,
    StandbyTwice,
    StandbyOutside,
    StandbyNotUp,
    NobodyLeft,
    NobodyCanBeLeft,
}

/// <summary>One broken rule.</summary>
/// <param name="Vip">Null where the rule is about no VIP.</param>
/// <param name="Detail">The node, or what happens.</param>
internal readonly record struct Breach(VipAddress? Vip, Fault Fault, string Detail = "") : IComparable<Breach>
{
    public int CompareTo(Breach other)
    {
        var byVip = Vip is { } mine && other.Vip is { } theirs ? mine.CompareTo(theirs) : (Vip is null ? 0 : 1) - (other.Vip is null ? 0 : 1);
        if (byVip != 0)
            return byVip;
        return Fault != other.Fault ? Fault.CompareTo(other.Fault) : string.CompareOrdinal(Detail, other.Detail);
    }

    public string Sentence => Fault switch
    {
        Fault.Uncountable => "The demands are negative, or add up to more than can be counted.",
        Fault.NodeListedTwice => $"Node {Detail} is listed twice.",
        Fault.ListedTwice => $"VIP {Vip} is listed twice.",
        Fault.Unasked => $"VIP {Vip} is assigned, but is no VIP of the problem.",
        Fault.AssignedTwice => $"VIP {Vip} is assigned twice.",
        Fault.Unassigned => $"VIP {Vip} is assigned to no node.",
        Fault.OwnerUnknown => $"VIP {Vip} lies on {Detail}, which is no node of the problem.",
        Fault.OwnerDown => $"VIP {Vip} lies on {Detail}, which is down.",
        Fault.OwnerDraining => $"VIP {Vip} lies on {Detail}, which is to be drained.",
        Fault.OwnerOutside => $"VIP {Vip} lies on {Detail}, where its site or segment does not allow it.",
        Fault.OwnerCordoned => $"VIP {Vip} moves to {Detail}, which is cordoned.",
        Fault.StandbyUnknown => $"VIP {Vip} has {Detail} as standby, which is no node of the problem.",
        Fault.StandbyIsOwner => $"VIP {Vip} has its owner {Detail} as standby.",
        Fault.StandbyTwice => $"VIP {Vip} has {Detail} as standby twice.",
        Fault.StandbyOutside => $"VIP {Vip} has {Detail} as standby, where its site or segment does not allow it.",
        Fault.StandbyNotUp => $"VIP {Vip} has {Detail} as standby, which takes nothing.",
        Fault.NobodyLeft => $"VIP {Vip} has no standby left when {Detail}.",
        _ => $"VIP {Vip} has no standby left when {Detail}, and none can be named: too few nodes may take it.",
    };
}
