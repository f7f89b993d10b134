using System.CommandLine;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary>A person's word that a change is wanted although the protection would not hold with it; the journal records whose word it was.</summary>
internal sealed class Force
{
    private readonly Option<bool> _option = new("--force")
    {
        Description = "Do it also when the protection would not hold with it; the journal says who wanted that",
    };

    public Force(Command command) => command.Options.Add(_option);

    public string Path(Session session, string path) => session.Get(_option) ? $"{path}?{Routes.Force}=true" : path;
}
