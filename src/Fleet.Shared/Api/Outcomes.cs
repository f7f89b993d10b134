namespace Fleet.Shared.Api;

/// <summary>
/// What a refusal with a status of 503 says of the command, in the member <c>outcome</c> of its problem document (RFC 9457, section 3.2). Only
/// <see cref="Unchanged"/> makes it safe to ask again; an answer without the member says nothing, as one of a proxy would.
/// </summary>
public static class Outcomes
{
    public const string Member = "outcome";

    /// <summary>Nothing was changed, and nothing will be.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>Whether it was done is not known: look before asking again.</summary>
    public const string Unknown = "unknown";

    /// <summary>The problem's type where the outcome is unknown.</summary>
    public const string UnknownType = "urn:fleet:problem:outcome-unknown";
}
