namespace Fleet.Shared.Api;

/// <summary>
/// What a 503 refusal reports about the command, in the member <c>outcome</c> of its problem document (RFC 9457, section 3.2). Only <see
/// cref="Unchanged"/> makes it safe to ask again. An answer without the member, such as a proxy's, reports nothing.
/// </summary>
public static class Outcomes
{
    public const string Member = "outcome";

    /// <summary>Nothing was changed, and nothing will be.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>It is not known whether the command was carried out: look before asking again.</summary>
    public const string Unknown = "unknown";

    /// <summary>The problem's type where the outcome is unknown.</summary>
    public const string UnknownType = "urn:fleet:problem:outcome-unknown";
}
