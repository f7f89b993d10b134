using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>cluster tail</c>: the journal's end, and then what happens as it happens.</summary>
internal static class ClusterTail
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static PbmCommand Command(Shell shell)
    {
        var from = new Option<long?>("--from") { Description = "Begin at this revision of the journal instead", HelpName = "REV" };
        var lines = new Option<int>("--lines", "-n")
        {
            Description = "Begin with so many of the newest events",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        var command = new PbmCommand(
            "tail",
            "What happens in the fleet, as it happens, until Ctrl-C; with --json one event per line",
            "pbm cluster tail",
            "pbm cluster tail --from 120 --json")
        {
            from,
            lines,
        };
        return command.Does(shell, async (session, cancel) =>
        {
            var tail = new Tail(session);
            if (session.Get(from) is null)
                await tail.PrintNewestAsync(session.Get(lines), cancel);
            return await tail.FollowAsync(session.Get(from), cancel);
        });
    }

    /// <summary>Prints each event once, over as many connections as it takes.</summary>
    private sealed class Tail(Session session)
    {
        private long? _revision;

        /// <summary>How many events of <see cref="_revision"/> have been printed: one entry of the journal may hold many.</summary>
        private int _printedOfRevision;

        /// <summary>Prints the journal's end, and remembers where it is: whatever is printed next comes after it.</summary>
        public async Task PrintNewestAsync(int count, CancellationToken cancel)
        {
            if (count > 0)
            {
                var newest = await session.Client.ReadAsync($"{Routes.Events}?limit={count}", ApiJson.Default.ImmutableArrayEventView, cancel);
                for (var i = 0; i < newest.View.Length; i++)
                    Print(new Document<EventView>(newest.View[i], newest.Json[i]!));
            }

            _revision ??= (await session.Client.ReadAsync(Routes.Cluster, ApiJson.Default.ClusterView, cancel)).View.Version.Revision;
            _printedOfRevision = int.MaxValue;
        }

        /// <summary>
        /// Once the fleet has answered, only cancellation ends this: the fleet may be away for a while and come back with another leader.
        /// </summary>
        public async Task<int> FollowAsync(long? from, CancellationToken cancel)
        {
            var answered = _revision is not null;
            var complained = false;
            while (true)
            {
                try
                {
                    await PrintStreamAsync(_revision ?? from, () => answered = !(complained = false), cancel);
                }
                catch (Exception e)
                    when (answered && e is IOException or HttpRequestException || (answered && e is PbmException { ExitCode: ExitCode.Unreachable }))
                {
                    if (!complained)
                        session.Complain("the stream of events broke off; waiting for the fleet to answer again.");
                    complained = true;
                }

                await Task.Delay(Pause, cancel);
            }
        }

        private async Task PrintStreamAsync(long? from, Action answered, CancellationToken cancel)
        {
            var resumed = _revision;
            var skip = _printedOfRevision;
            await foreach (var happened in session.Client.EventsAsync(from, cancel))
            {
                answered();
                var revision = happened.View.Version.Revision;
                if (revision < resumed || (revision == resumed && skip-- > 0))
                    continue;
                Print(happened);
            }
        }

        private void Print(Document<EventView> happened)
        {
            var revision = happened.View.Version.Revision;
            _printedOfRevision = revision == _revision ? _printedOfRevision + 1 : 1;
            _revision = revision;
            session.Host.Out.WriteLine(session.Json ? happened.Json.ToJsonString(JsonSerializerOptions.Default) : EventRenderer.Line(happened.View));
            session.Host.Out.Flush();
        }
    }
}
