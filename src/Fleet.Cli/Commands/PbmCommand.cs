using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;

namespace Fleet.Cli.Commands;

/// <summary>A command that shows in its help how it is used, and that decides what its work's failures become.</summary>
internal sealed class PbmCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>
    /// Gives the command its work. A failure is one sentence on stderr and, with <c>--json</c>, the fleet's problem document on stdout.
    /// </summary>
    public PbmCommand Does(Shell shell, Func<Session, CancellationToken, Task<int>> work)
    {
        SetAction(async (parse, cancel) =>
        {
            try
            {
                using var session = new Session(shell.Host, shell.Options, parse);
                return await GuardedAsync(session, work, cancel);
            }
            catch (PbmException failure)
            {
                await shell.Host.Error.WriteLineAsync($"pbm: {failure.Message}");
                return failure.ExitCode;
            }
        });
        return this;
    }

    private static async Task<int> GuardedAsync(Session session, Func<Session, CancellationToken, Task<int>> work, CancellationToken cancel)
    {
        try
        {
            return await work(session, cancel);
        }
        catch (PbmException failure)
        {
            if (session.Json && failure.Problem is { } problem)
                await session.Host.Out.WriteLineAsync(problem);
            session.Complain(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
    }
}

/// <summary>What commands are built with.</summary>
internal sealed record Shell(CliHost Host, GlobalOptions Options);

/// <summary>The library's help, and below it the command's examples.</summary>
internal sealed class HelpWithExamples(int width) : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new() { MaxWidth = width };

    /// <summary>Asking for help is never wrong, whatever else is missing.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not PbmCommand { Examples: { Count: > 0 } examples })
            return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return code;
    }
}
