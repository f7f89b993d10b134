using System.CommandLine;
using System.CommandLine.Invocation;
using Fleet.Cli.Commands;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Shared.Gate;

namespace Fleet.Cli;

/// <summary>The whole of pbm, callable.</summary>
internal static class Pbm
{
    /// <summary>Runs as in a pipe: no terminal, nobody to ask.</summary>
    public static Task<int> RunAsync(string[] args, TextWriter stdout, TextWriter stderr, CancellationToken cancel = default) =>
        RunAsync(args, new CliHost(stdout, stderr, () => null, null, false, Environment.GetEnvironmentVariable), cancel);

    /// <summary>Parses, runs one command and returns its <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancel = default)
    {
        var parse = Root.Build(host).Parse(args);
        if (parse.Action is ParseErrorAction)
            return await ExplainAsync(parse, host);
        return await parse.InvokeAsync(new InvocationConfiguration { Output = host.Out, Error = host.Error }, cancel);
    }

    private static async Task<int> ExplainAsync(ParseResult parse, CliHost host)
    {
        foreach (var message in Messages(parse))
            await host.Error.WriteLineAsync($"pbm: {message}");
        var names = parse.CommandResult.Command.Parents.OfType<Command>().Select(parent => parent.Name).Append(parse.CommandResult.Command.Name);
        await host.Error.WriteLineAsync($"Try: {string.Join(' ', names)} --help");
        return ExitCode.Usage;
    }

    /// <summary>The mistake is the word that is no command; the missing command that follows from it is not worth a line.</summary>
    private static IEnumerable<string> Messages(ParseResult parse)
    {
        var strangers = parse.UnmatchedTokens.Select(word => Stranger(word, parse.CommandResult.Command)).ToList();
        return strangers.Count > 0 ? strangers : parse.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal);
    }

    private static string Stranger(string word, Command command)
    {
        var known = command.Subcommands.Select(sub => sub.Name).Concat(command.Options.Select(option => option.Name));
        var near = NearestWord.Find(word, known) is { } name ? $"; did you mean {name}?" : ".";
        return $"'{word}' is neither a command nor an option of {command.Name}{near}";
    }
}
