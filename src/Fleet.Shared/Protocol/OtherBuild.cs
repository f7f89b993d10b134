namespace Fleet.Shared.Protocol;

/// <summary>The message about a file in the format of another build: it is neither read nor overwritten.</summary>
public static class OtherBuild
{
    /// <param name="schema">What this build reads.</param>
    public static string Wrote(int schema) =>
        $"it was written by another build of Fleet, in a format that this one, which reads schema {schema}, does not read";
}
