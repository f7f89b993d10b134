namespace Fleet.Cli.Messages;

/// <summary>A command cannot go on: the sentence for stderr, the exit code, and the problem document of RFC 9457 where the fleet sent one.</summary>
internal sealed class PbmException(int exitCode, string message, string? problem = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>JSON text, as the fleet sent it.</summary>
    public string? Problem { get; } = problem;

    public static PbmException Usage(string message) => new(Messages.ExitCode.Usage, message);

    public static PbmException Unreachable(string message) => new(Messages.ExitCode.Unreachable, message);
}
