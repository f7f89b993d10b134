using System.CommandLine;
using System.CommandLine.Parsing;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Commands;

/// <summary>Shows something once, or again and again until Ctrl-C.</summary>
internal sealed class Watch
{
    private const double DefaultSeconds = 2;

    /// <summary>Cursor home, clear to the end of the screen and what has scrolled off: less flicker than clearing first.</summary>
    private const string Redraw = "\u001b[H\u001b[2J\u001b[3J";

    private readonly Option<double?> _option = new("--watch", "-w")
    {
        Description = $"Show it again every so many seconds [default: {DefaultSeconds:0}] until Ctrl-C",
        HelpName = "SECONDS",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = Seconds,
    };

    public Watch(Command command) => command.Options.Add(_option);

    /// <param name="verdict">The exit code that the view deserves; null is always ok.</param>
    public async Task<int> ShowAsync<T>(
        Session session,
        Func<CancellationToken, Task<Document<T>>> read,
        Func<T, IRenderable> render,
        CancellationToken cancel,
        Func<T, int>? verdict = null)
    {
        if (!session.Has(_option))
        {
            var document = await read(cancel);
            session.Show(document, render);
            return verdict?.Invoke(document.View) ?? ExitCode.Ok;
        }

        var period = TimeSpan.FromSeconds(session.Get(_option) ?? DefaultSeconds);
        while (true)
        {
            await ShowOnceAsync(session, read, render, cancel);
            await Task.Delay(period, cancel);
        }
    }

    /// <summary>A fleet that does not answer for a while is no reason to stop watching it.</summary>
    private static async Task ShowOnceAsync<T>(
        Session session, Func<CancellationToken, Task<Document<T>>> read, Func<T, IRenderable> render, CancellationToken cancel)
    {
        try
        {
            var document = await read(cancel);
            if (session.Host.OutputIsTerminal)
                await session.Host.Out.WriteAsync(Redraw);
            session.Show(document, render);
            if (!session.Host.OutputIsTerminal)
                session.Say("");
        }
        catch (PbmException failure) when (failure.ExitCode == ExitCode.Unreachable)
        {
            session.Complain(failure.Message);
        }

        await session.Host.Out.FlushAsync(cancel);
    }

    private static double? Seconds(ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
            return null;
        if (double.TryParse(result.Tokens[0].Value, out var seconds) && seconds is >= 0.05 and <= 3600)
            return seconds;
        result.AddError($"--watch takes 0.05 to 3600 seconds, not '{result.Tokens[0].Value}'.");
        return null;
    }
}
