using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>Things are called what the field calls them (docs/GLOSSARY.md): words of our own, which were in use once, do not come back.</summary>
internal static partial class FieldWords
{
    public static IEnumerable<string> Old(HouseFile file) =>
        OldWord().Matches(file.Text).Select(match => file.At(match.Index, $"{match.Value}: docs/GLOSSARY.md says what it is called"));

    [GeneratedRegex(
        """
        (?ix) \b(?: inquests? | remnants? | heirs? | chronicles? | grudges? | reluctance | testimon(?:y|ies) | inquir(?:y|ies)
            | (?<!file ?system ?)(?<!key ?)watchers? )\b
        | (?-i) \b(?: MapFeed | PlanDesk | PlanRoom | PlanFollowing | PlanOrder | AgentHands | ILeaderHands | FleetHands | WatchBook
            | LeaderTalk | SilenceRule |
            SiteHolding | Settlement | [A-Z]\w*Desk | VipPhase\.Quiet | [A-Z]\w*(?:Telling|Pictures) )\b
        """)]
    private static partial Regex OldWord();
}
