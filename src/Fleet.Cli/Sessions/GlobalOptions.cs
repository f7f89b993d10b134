using System.CommandLine;
using Fleet.Cli.Messages;

namespace Fleet.Cli.Sessions;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public const string DefaultUrl = "http://127.0.0.1:7400";

    /// <summary>The environment variable for <see cref="Url"/>: one URL, or several joined by commas.</summary>
    public const string UrlVariable = "FLEET_API";

    /// <summary>Each is tried until one answers.</summary>
    public Option<string[]> Url { get; } = new("--url")
    {
        Description = $"The fleet's API; may be repeated [default: {UrlVariable}, else {DefaultUrl}]",
        HelpName = "URL",
        Arity = ArgumentArity.OneOrMore,
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the API's JSON document", Recursive = true };

    public Option<double> Timeout { get; } = new("--timeout")
    {
        Description = "How long to wait for each answer, in seconds",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 5,
        Recursive = true,
    };

    public Option<bool> NoColor { get; } = new("--no-color")
    {
        Description = "No colours; the environment's NO_COLOR says the same",
        Recursive = true,
    };

    public GlobalOptions() => Timeout.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && double.TryParse(text, out var seconds) && seconds is not (> 0 and <= 3600))
            result.AddError($"--timeout must be more than 0 and at most 3600 seconds, not {text}.");
    });

    public void AddTo(Command root)
    {
        root.Options.Add(Url);
        root.Options.Add(Json);
        root.Options.Add(Timeout);
        root.Options.Add(NoColor);
    }

    /// <summary>The URLs to try, in order. A bare <c>host:port</c> is HTTP.</summary>
    public IReadOnlyList<Uri> Urls(ParseResult parse, Func<string, string?> environment)
    {
        var texts = parse.GetValue(Url) is { Length: > 0 } given ? given : [environment(UrlVariable) ?? ""];
        var urls = texts
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(Read)
            .ToList();
        return urls.Count > 0 ? urls : [new Uri(DefaultUrl)];
    }

    private static Uri Read(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(full, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw PbmException.Usage($"'{text}' is not the URL of an API; one looks like {DefaultUrl}.");
    }
}
