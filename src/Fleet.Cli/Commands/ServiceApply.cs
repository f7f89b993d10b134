using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Cli.Commands;

/// <summary><c>service apply</c>: makes the services in a file what the file says; other services stay as they are.</summary>
internal static class ServiceApply
{
    public static PbmCommand Command(Shell shell)
    {
        var file = new Option<string>("--file", "-f")
        {
            Description = "HOCON or JSON with a block: services { NAME { ... } }",
            HelpName = "FILE",
            Required = true,
        };
        var command = new PbmCommand(
            "apply", "Create or change the services of a file; says of each what was done", "pbm service apply -f web.conf") { file };
        var ifVersion = new IfVersion(command);
        var force = new Force(command);
        return command.Does(shell, async (session, cancel) =>
        {
            var wanted = ConfigFiles.Services(session.Get(file)!, shell.Host.Environment);
            var known = await session.Client.ReadAsync(Routes.Services, ApiJson.Default.ImmutableArrayServiceView, cancel);
            var names = known.View.Select(view => view.Service.Name).ToImmutableHashSet();
            return await ApplyAsync(session, wanted, names, ifVersion.Read(session), force, cancel);
        });
    }

    /// <summary>
    /// One command per service, each on condition that nobody came between: the version that one command leaves is the next one's condition. A
    /// refused service does not keep the others from being applied; the exit code is that of the last refusal.
    /// </summary>
    private static async Task<int> ApplyAsync(
        Session session, IEnumerable<Service> wanted, ImmutableHashSet<ServiceName> known, MapVersion? onlyAt, Force force, CancellationToken cancel)
    {
        var done = new JsonArray();
        var code = ExitCode.Ok;
        foreach (var service in wanted)
        {
            try
            {
                var answer = (await PutAsync(session, service, onlyAt, force, cancel)).View;
                onlyAt = onlyAt is null ? null : answer.Version;
                Tell(
                    session,
                    done,
                    service.Name,
                    !answer.Changed ? "unchanged" : known.Contains(service.Name) ? "changed" : "created",
                    $"map {answer.Version}");
            }
            catch (PbmException refusal) when (refusal.ExitCode != ExitCode.Unreachable)
            {
                code = refusal.ExitCode;
                Tell(session, done, service.Name, "refused", refusal.Message);
                session.Complain($"{service.Name}: {refusal.Message}");
            }
        }

        if (session.Json)
            session.Show(done);
        return code;
    }

    private static Task<Document<CommandView>> PutAsync(
        Session session, Service service, MapVersion? onlyAt, Force force, CancellationToken cancel) =>
        session.Client.CommandAsync(
            HttpMethod.Put,
            force.Path(session, Routes.Service(service.Name.Value)),
            onlyAt,
            JsonSerializer.Serialize(service, ApiJson.Default.Service),
            cancel);

    private static void Tell(Session session, JsonArray done, ServiceName service, string outcome, string text)
    {
        done.Add(new JsonObject { ["service"] = service.Value, ["outcome"] = outcome, ["text"] = text });
        if (!session.Json && outcome != "refused")
            session.Show(ServiceRenderer.Applied(service, outcome, text));
    }
}
