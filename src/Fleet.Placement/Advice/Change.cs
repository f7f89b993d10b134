using Fleet.Shared.Model;

namespace Fleet.Placement.Advice;

/// <summary>Something that may happen to a fleet, or be done to it.</summary>
public abstract record Change
{
    private Change()
    {
    }

    /// <summary>A node dies.</summary>
    public sealed record Fail(NodeName Node) : Change;

    /// <summary>All nodes of a failure domain die at once.</summary>
    /// <param name="Site">Null where the domain's name says enough.</param>
    public sealed record FailDomain(SiteName? Site, DomainName Domain) : Change;

    /// <summary>A node hands all it has over, by plan.</summary>
    public sealed record Drain(NodeName Node) : Change;

    /// <summary>A node hands all it has over, by plan, and then it is gone.</summary>
    public sealed record Remove(NodeName Node) : Change;

    /// <summary>Nodes join.</summary>
    /// <param name="CapacityBps">Of each; null is the fleet's median.</param>
    /// <param name="Site">Null is the site with the most nodes.</param>
    /// <param name="Domain">Null spreads them over the site's domains, the emptiest first.</param>
    public sealed record Add(int Count, long? CapacityBps = null, SiteName? Site = null, DomainName? Domain = null) : Change;

    /// <summary>A service's demand is multiplied.</summary>
    public sealed record Surge(ServiceName Service, double Factor) : Change;
}
