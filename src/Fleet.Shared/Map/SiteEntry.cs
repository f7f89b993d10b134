using Fleet.Shared.Model;

namespace Fleet.Shared.Map;

/// <summary>What DNS is to know of a site beyond its nodes. A site that is not in the map is as <see cref="Well"/>.</summary>
/// <param name="HeldDown">The site was out and has not been well again for the hold-down: it is answered only where nothing else can be.</param>
/// <param name="Kept">How many of <see cref="KeptAll"/> queries of its own clients a service that overflows answers from this site.</param>
public sealed record SiteEntry(SiteName Name, bool HeldDown = false, int Kept = SiteEntry.KeptAll)
{
    public const int KeptAll = 65_536;

    public static SiteEntry Well(SiteName name) => new(name);
}
