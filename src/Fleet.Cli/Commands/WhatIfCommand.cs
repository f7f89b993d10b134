using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Placement.Advice;
using Fleet.Placement.Documents;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Cli.Commands;

/// <summary>
/// <c>pbm whatif</c>: what would happen. Where the changes are an order, it can also give the order, on condition that the fleet is still the one
/// that was asked about.
/// </summary>
internal static class WhatIfCommand
{
    public static PbmCommand Command(Shell shell)
    {
        var apply = new Option<bool>("--apply")
        {
            Description = "Then do it: one --drain or --remove; refused when the fleet has moved on meanwhile",
        };
        var command = new PbmCommand(
            "whatif",
            "What would happen: who takes over, what moves, how full nodes get, what may fail after; exit code 1 when protection would not hold",
            "pbm whatif --fail adc-1,adc-2",
            "pbm whatif --fail-domain ams/rack-1 --surge web=x2",
            "pbm whatif --add 3 --capacity 88Gbps --domain rack-9",
            "pbm whatif --drain adc-2 --apply",
            "pbm whatif --remove adc-2 --input problem.json --json");
        var options = new ChangeOptions(command);
        command.Options.Add(apply);
        var source = new ProblemSource(command);
        return command.Does(shell, async (session, cancel) =>
        {
            var changes = options.Query(session);
            (string, string)? order = session.Get(apply) ? Order(changes, source.IsFile(session)) : null;
            var posed = await source.ReadAsync(session, cancel);
            var outlook = WhatIf.Ask(posed.Problem, changes, out var mistakes)
                ?? throw PbmException.Usage(string.Join(Environment.NewLine, mistakes));
            var code = outlook.IsSound ? ExitCode.Ok : ExitCode.Refused;
            if (!session.Json)
                session.Show(OutlookRenderer.Show(outlook, posed.Version));
            var done = order is { } given ? await ApplyAsync(session, given, posed.Version!.Value, cancel) : null;
            if (session.Json)
                session.Show(Json(outlook, posed.Version, done));
            else if (done is not null)
                session.Say($"{Environment.NewLine}{done.View.Text} (map {done.View.Version})");
            return done is null ? code : ExitCode.Ok;
        });
    }

    private static JsonNode Json(Outlook outlook, MapVersion? version, Document<CommandView>? done)
    {
        var json = JsonSerializer.SerializeToNode(OutlookDocument.From(outlook, version), PlacementJson.Default.OutlookDocument)!;
        if (done is not null)
            json["applied"] = done.Json;
        return json;
    }

    /// <summary>The one order that the changes amount to.</summary>
    private static (string Node, string Verb) Order(IReadOnlyList<Change> changes, bool isFile)
    {
        if (isFile)
            throw PbmException.Usage("--apply needs a fleet, not --input: a file cannot be told to do anything.");
        return changes switch
        {
            [Change.Drain drain] => (drain.Node.Value, NodeVerbs.Drain),
            [Change.Remove remove] => (remove.Node.Value, NodeVerbs.Leave),
            _ => throw PbmException.Usage(
                "--apply takes exactly one --drain or --remove: failures and surges are not orders, and a node joins when its agent is started with "
                + "the fleet's configuration."),
        };
    }

    private static async Task<Document<CommandView>> ApplyAsync(
        Session session, (string Node, string Verb) order, MapVersion onlyAt, CancellationToken cancel)
    {
        try
        {
            return await NodeOrders.PostAsync(session, order.Node, order.Verb, onlyAt, cancel);
        }
        catch (PbmException refusal) when (refusal.ExitCode == ExitCode.Refused)
        {
            throw new PbmException(ExitCode.Refused, $"not done: {refusal.Message} The answer above is for map {onlyAt}.", refusal.Problem);
        }
    }
}
