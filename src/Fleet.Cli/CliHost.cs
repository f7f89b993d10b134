namespace Fleet.Cli;

/// <summary>Where pbm runs: its streams, what is a terminal, and the environment.</summary>
/// <param name="Width">Columns of the terminal; null where output is not one: then nothing is coloured, cut or wrapped.</param>
/// <param name="InputIsTerminal">A person can be asked.</param>
public sealed record CliHost(TextWriter Out, TextWriter Error, TextReader In, int? Width, bool InputIsTerminal, Func<string, string?> Environment)
{
    public static CliHost OfThisProcess() => new(
        Console.Out,
        Console.Error,
        Console.In,
        Console.IsOutputRedirected ? null : Math.Max(Console.WindowWidth, 40),
        !Console.IsInputRedirected,
        System.Environment.GetEnvironmentVariable);

    public bool OutputIsTerminal => Width is not null;
}
