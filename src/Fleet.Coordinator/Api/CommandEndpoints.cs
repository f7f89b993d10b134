using System.Buffers;
using System.IO.Pipelines;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Shared.Api;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>The commands that the API accepts. An answer is sent once the change is in the journal; a refusal has changed nothing.</summary>
internal static class CommandEndpoints
{
    public static void MapCommands(this IEndpointRouteBuilder routes)
    {
        routes.MapPut($"{Routes.Services}/{{name}}", ApplyAsync)
            .WithSummary("Create a service or make it so; what the body leaves out has the defaults of reference.conf")
            .Accepts<Service>("application/json");
        routes.MapDelete($"{Routes.Services}/{{name}}", (string name, Asker asker) =>
            asker.AskAsync(new Command.RemoveService(ServiceName.Parse(name)))).WithSummary("Remove a service and its VIPs");
        Intend(routes, NodeVerbs.Drain, NodeIntent.Draining, "Hand over all VIPs of a node, by plan");
        Intend(routes, NodeVerbs.Undrain, NodeIntent.Active, "Let a node take VIPs again, and forgive how often it was lost");
        Intend(routes, NodeVerbs.Cordon, NodeIntent.Cordoned, "Give a node no new VIPs");
        Intend(routes, NodeVerbs.Leave, NodeIntent.Leaving, "Hand over all VIPs of a node, then forget it");
        routes.MapPost($"{Routes.Nodes}/{{name}}/{NodeVerbs.Down}", (string name, Asker asker) =>
            asker.AskAsync(new Command.DeclareDown(NodeName.Parse(name)))).WithSummary("Declare a silent node dead");
    }

    private static void Intend(IEndpointRouteBuilder routes, string verb, NodeIntent intent, string summary) =>
        routes.MapPost($"{Routes.Nodes}/{{name}}/{verb}", (string name, Asker asker) =>
            asker.AskAsync(new Command.Intend(NodeName.Parse(name), intent))).WithSummary(summary);

    private static async Task<Results<Ok<CommandView>, ProblemHttpResult>> ApplyAsync(string name, HttpRequest request, Asker asker)
    {
        if (!request.HasJsonContentType())
            return Problems.Problem(RefusalKind.Invalid, "The body must be a service as JSON: set Content-Type: application/json.");
        var text = await request.BodyReader.ReadAllAsync(request.HttpContext.RequestAborted);
        if (!ServiceBody.TryRead(text, out var service, out var mistakes))
            return Problems.Problem(mistakes);
        return service.Name.Value == name
            ? await asker.AskAsync(new Command.ApplyService(service))
            : Problems.Problem([new Mistake("name", service.Name.Value, $"the name in the path, {Mistake.Quote(name)}")]);
    }

    private static async Task<byte[]> ReadAllAsync(this PipeReader reader, CancellationToken cancellation)
    {
        var read = await reader.ReadAtLeastAsync(int.MaxValue, cancellation);
        var bytes = read.Buffer.ToArray();
        reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }
}

/// <summary>Passes a request's command to the leader, with who asks and for which version of the fleet.</summary>
internal sealed class Asker(Mailbox mail, IHttpContextAccessor accessor)
{
    public async Task<Results<Ok<CommandView>, ProblemHttpResult>> AskAsync(Command command)
    {
        var context = accessor.HttpContext ?? throw new InvalidOperationException("Commands are asked by requests.");
        if (!TryVersion(context.Request.Headers.IfMatch.ToString(), out var version))
            return Problems.Problem(RefusalKind.Invalid, "If-Match must be a map's version in quotes, such as \"3.141\".");
        var force = context.Request.Query[Routes.Force] == "true";
        var (decision, at) = await mail.AskAsync(command, PrincipalDoor.Of(context), version, context.RequestAborted, force);
        return decision switch
        {
            Decision.Accepted accepted => TypedResults.Ok(new CommandView(at, !accepted.Events.IsEmpty, accepted.Text)),
            Decision.Refused { Id: { } id } failed => Problems.Failed(id, failed.Reason),
            Decision.Refused refused => Problems.Problem(refused.Kind, refused.Reason),
            _ => Problems.Problem(RefusalKind.Unavailable, "The leader did not decide."),
        };
    }

    private static bool TryVersion(string header, out MapVersion? version)
    {
        version = null;
        if (header.Length == 0)
            return true;
        var parts = header.Trim('"').Split('.');
        if (parts.Length != 2 || !long.TryParse(parts[0], out var term) || !long.TryParse(parts[1], out var revision))
            return false;
        version = new MapVersion(term, revision);
        return true;
    }
}
