using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>Turns pictures into text.</summary>
/// <param name="width">Columns of the terminal; null is a pipe or file, where nothing is wrapped or cut.</param>
internal sealed class Screen(int? width, bool colours)
{
    private const int WidthOfPipe = 10_000;

    public string Draw(IRenderable picture)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width ?? WidthOfPipe;
        console.Profile.Capabilities.Unicode = true;
        console.Write(picture);
        var lines = text.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd());
        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }
}
