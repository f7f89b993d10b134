namespace Fleet.Cli.Sessions;

/// <summary>Where pbm runs: its streams, what is a terminal, and the environment.</summary>
/// <param name="ReadLine">What a person types next; null at the end. Nothing touches the terminal's input before somebody is asked.</param>
/// <param name="Width">Columns of the terminal; null where output is not a terminal: then nothing is coloured, cut or wrapped.</param>
/// <param name="InputIsTerminal">A person can be asked.</param>
internal sealed record CliHost(
    TextWriter Out, TextWriter Error, Func<string?> ReadLine, int? Width, bool InputIsTerminal, Func<string, string?> Environment)
{
    private const int WidthWhenUnknown = 120;

    public static CliHost OfThisProcess() => new(
        Console.Out,
        Console.Error,
        Console.ReadLine,
        Console.IsOutputRedirected ? null : WidthOf(Console.WindowWidth),
        !Console.IsInputRedirected,
        System.Environment.GetEnvironmentVariable)
    {
        ReadInput = () => Console.In.ReadToEnd(),
    };

    /// <summary>All of the standard input, for a file named <c>-</c>.</summary>
    public Func<string> ReadInput { get; init; } = () => "";

    /// <summary>The wall clock, which keys are dated by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool OutputIsTerminal => Width is not null;

    /// <summary>Some terminals do not know their width and say 0.</summary>
    private static int WidthOf(int columns) => columns > 0 ? Math.Max(columns, 40) : WidthWhenUnknown;
}
