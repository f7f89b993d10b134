using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary>
/// <c>store reproject</c>: the leader makes the read model in PostgreSQL anew, beside the old one. This only asks, and says how far it is: without it
/// the work goes on.
/// </summary>
internal static class StoreReproject
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    public static PbmCommand Command(Shell shell) => new PbmCommand(
        "reproject",
        "Make the read model in PostgreSQL anew from the journal, while everything goes on; what was wrong in it is mended",
        "pbm store reproject",
        "pbm store reproject --json | jq '.rebuild.changed'")
        .Does(shell, async (session, cancel) =>
        {
            var asked = await session.Client.PostAsync(Routes.Rebuild, ApiJson.Default.ProjectionView, cancel);
            var done = await FollowAsync(session, asked.View.Rebuild!, cancel);
            if (session.Json)
                session.Show(done.Json);
            if (done.View.Rebuild is { State: RebuildView.Failed, Why: var why })
                throw new PbmException(ExitCode.Refused, $"the read model is as it was: {why}");
            session.Say(done.View.Rebuild!.Changed switch
            {
                0 => $"The read model was made anew up to revision {done.View.Revision}; every row was as it should have been.",
                var rows => $"The read model was made anew up to revision {done.View.Revision}; {rows} rows were mended.",
            });
            return ExitCode.Ok;
        });

    private static async Task<Document<ProjectionView>> FollowAsync(Session session, RebuildView asked, CancellationToken cancel)
    {
        for (var told = (long?)null; ; await Task.Delay(LookEvery, cancel))
        {
            var seen = await session.Client.ReadAsync(Routes.Projection, ApiJson.Default.ProjectionView, cancel);
            if (seen.View.Rebuild is not { } rebuild || (rebuild.Number, rebuild.Began) != (asked.Number, asked.Began))
                throw PbmException.Unreachable(
                    "another coordinator leads now. What the one before had not finished has left nothing behind: ask again.");
            if (rebuild.State is RebuildView.Done or RebuildView.Failed)
                return seen;
            if (rebuild.Target > 0 && rebuild.Revision != told)
                session.Say($"Revision {told = rebuild.Revision} of {rebuild.Target}.");
        }
    }
}
