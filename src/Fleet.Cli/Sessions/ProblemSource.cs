using System.CommandLine;
using Fleet.Cli.Messages;
using Fleet.Placement.Documents;
using Fleet.Placement.Model;
using Fleet.Shared.Api;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Cli.Sessions;

/// <summary>A placement problem, and where it comes from.</summary>
/// <param name="Version">The map it was read from; null for a file.</param>
internal sealed record Posed(PlacementProblem Problem, MapVersion? Version);

/// <summary>Where a command takes its placement problem from: a file, or else the present fleet.</summary>
internal sealed class ProblemSource
{
    private const string StandardInput = "-";

    private readonly Option<string?> _input = new("--input", "-i")
    {
        Description = "Take the problem from this JSON file, - for standard input, instead of from the fleet",
        HelpName = "FILE",
    };

    public ProblemSource(Command command) => command.Options.Add(_input);

    public bool IsFile(Session session) => session.Get(_input) is not null;

    public async Task<Posed> ReadAsync(Session session, CancellationToken cancel)
    {
        if (session.Get(_input) is { } file)
            return new Posed(Check(session, file), null);
        var map = (await session.Client.ReadAsync(Routes.Map, ApiJson.Default.FleetMap, cancel)).View;
        return new Posed(ProblemOf.Map(map), map.Version);
    }

    private static PlacementProblem Check(Session session, string file)
    {
        var name = file == StandardInput ? "standard input" : file;
        var reading = ProblemText.Read(file == StandardInput ? session.Host.ReadInput() : Text(file));
        foreach (var remark in reading.Remarks)
            session.Complain($"{name}: {remark}");
        return reading.Problem
            ?? throw PbmException.Usage(string.Join(Environment.NewLine, reading.Mistakes.Select(mistake => $"{name}: {mistake}")));
    }

    private static string Text(string file) => new HoconFiles().Read(file) switch
    {
        HoconText.Found found => found.Text,
        HoconText.Unreadable unreadable => throw PbmException.Usage($"{file} cannot be read: {unreadable.Reason}"),
        _ => throw PbmException.Usage($"there is no file {file}."),
    };
}
