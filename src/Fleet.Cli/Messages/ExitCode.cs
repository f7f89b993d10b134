namespace Fleet.Cli.Messages;

/// <summary>What pbm tells the shell; scripts rely on these numbers.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The fleet refused, knows no such thing, or is not healthy; nothing was changed.</summary>
    public const int Refused = 1;

    /// <summary>The command line or a file was wrong; the fleet was not asked, or could not read what it was sent.</summary>
    public const int Usage = 2;

    /// <summary>
    /// No coordinator answered, or the one that did cannot do it now. Where a command may have been carried out all the same, the message says so.
    /// </summary>
    public const int Unreachable = 3;
}
