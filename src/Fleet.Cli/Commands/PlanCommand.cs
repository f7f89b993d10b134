using System.Text.Json;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Placement.Advice;
using Fleet.Placement.Documents;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm plan</c>: where everything should lie, with proof and certificate. It changes nothing.</summary>
internal static class PlanCommand
{
    public static PbmCommand Command(Shell shell)
    {
        var command = new PbmCommand(
            "plan",
            "Where every VIP should lie and who takes it over, with the proof of protection; changes nothing. Exit code 1 when protection does not "
            + "hold",
            "pbm plan",
            "pbm plan --input problem.json --json",
            "pbm plan --input - < problem.json");
        var source = new ProblemSource(command);
        return command.Does(shell, async (session, cancel) =>
        {
            var posed = await source.ReadAsync(session, cancel);
            var planned = Planned.Compute(posed.Problem);
            if (session.Json)
                session.Show(JsonSerializer.SerializeToNode(PlanDocument.From(planned, posed.Version), PlacementJson.Default.PlanDocument)!);
            else
                session.Show(PlanRenderer.Show(planned, posed.Version));
            return planned.IsSound ? ExitCode.Ok : ExitCode.Refused;
        });
    }
}
