using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Sessions;

/// <summary>One run of one command: what was asked, the fleet's API, and the way out to the terminal.</summary>
internal sealed class Session : IDisposable
{
    private readonly ParseResult _parse;
    private readonly Screen _screen;

    public Session(CliHost host, GlobalOptions options, ParseResult parse)
    {
        Host = host;
        _parse = parse;
        Json = parse.GetValue(options.Json);
        var colours = host.OutputIsTerminal && !parse.GetValue(options.NoColor) && string.IsNullOrEmpty(host.Environment("NO_COLOR"));
        _screen = new Screen(host.Width, colours);
        Timeout = TimeSpan.FromSeconds(parse.GetValue(options.Timeout));
        Client = new FleetClient(options.Urls(parse, host.Environment), Timeout, host.Environment("USER"));
    }

    public CliHost Host { get; }

    public FleetClient Client { get; }

    public TimeSpan Timeout { get; }

    /// <summary>The output is read by a program.</summary>
    public bool Json { get; }

    public void Dispose() => Client.Dispose();

    public T? Get<T>(Option<T> option) => _parse.GetValue(option);

    /// <summary>An argument that may be left out.</summary>
    public T? Find<T>(Argument<T?> argument)
        where T : class => _parse.GetValue(argument);

    public T Get<T>(Argument<T> argument) => _parse.GetRequiredValue(argument);

    public bool Has(Option option) => _parse.GetResult(option) is { Implicit: false };

    public void Show(IRenderable picture) => Host.Out.Write(_screen.Draw(picture));

    public void Show(JsonNode json) => Host.Out.WriteLine(json.ToText());

    public void Show<T>(Document<T> document, Func<T, IRenderable> render)
    {
        if (Json)
            Show(document.Json);
        else
            Show(render(document.View));
    }

    /// <summary>A line for people; programs get documents only.</summary>
    public void Say(string line)
    {
        if (!Json)
            Host.Out.WriteLine(line);
    }

    public void Complain(string sentence) => Host.Error.WriteLine($"pbm: {sentence}");

    /// <summary>Asks where somebody can answer; a script has made up its mind.</summary>
    public void Confirm(string question)
    {
        if (!Host.InputIsTerminal)
            return;
        Host.Error.Write($"{question} [y/N] ");
        Host.Error.Flush();
        if (Host.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new PbmException(ExitCode.Refused, "nothing was done.");
    }
}
