using System.CommandLine;
using System.CommandLine.Parsing;
using Fleet.Cli.Sessions;
using Fleet.Shared.Model;

namespace Fleet.Cli.Commands;

/// <summary>
/// Optimistic concurrency for a person: the change is refused when the fleet is no longer at the version that the decision was based on.
/// </summary>
internal sealed class IfVersion
{
    private readonly Option<MapVersion?> _option = new("--if-version")
    {
        Description = "Refuse unless the fleet is still at this map version",
        HelpName = "TERM.REVISION",
        CustomParser = Read,
    };

    public IfVersion(Command command) => command.Options.Add(_option);

    public MapVersion? Read(Session session) => session.Get(_option);

    private static MapVersion? Read(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text.Split('.') is [var term, var revision] && ulong.TryParse(term, out _) && ulong.TryParse(revision, out _)
            && long.TryParse(term, out var termNumber) && long.TryParse(revision, out var revisionNumber))
            return new MapVersion(termNumber, revisionNumber);
        result.AddError($"--if-version takes TERM.REVISION such as 3.120, not '{text}'.");
        return null;
    }
}
