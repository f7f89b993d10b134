using System.Text.Json.Nodes;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Control;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Coordinator.Tests.Stores.Etcd;
using Fleet.Coordinator.Tests.Stores.Postgres;
using Fleet.Demo.Servers;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>A disk is full: changes are refused in words, nothing is half done, and with room again it goes on. What docs/RUNBOOK.md says.</summary>
[Collection(PostgresCollection.Name)]
public sealed class FullDiskTests(PostgresServers servers) : IDisposable
{
    private const long Small = 16 << 20;

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(100));

    private CancellationToken Bound => _bound.Token;

    [Fact]
    public async Task Full_disk_under_the_journal_refuses_the_change_and_takes_it_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        var fault = new DiskFault();
        await using var store = new FileFleetStore(
            folder.Path,
            FileStoreOptions.Default,
            new FaultyDisk(fault),
            new AsideThread(),
            TimeProvider.System,
            NullLogger<FileFleetStore>.Instance);
        await using var stage = new LoopStage(1000, store);
        await stage.BeginAsync();
        fault.WriteFails = true;
        Runbook.Shows("disk-full-file", await RefusedAsync(stage));
        fault.WriteFails = false;
        await AcceptedAsync(stage);
    }

    [EtcdFact]
    public async Task Database_of_etcd_that_is_full_refuses_the_change_and_takes_it_when_it_has_been_made_smaller()
    {
        await using var stage = await EtcdStage.StartAsync(new EtcdOptions { Members = 1, QuotaBytes = Small }, Bound);
        var store = stage.Open(stage.Settings with { AttemptTimeout = TimeSpan.FromSeconds(5) }, new LeadershipTiming(TimeSpan.FromSeconds(20)));
        await using var loop = new LoopStage(1000, store);
        await loop.BeginAsync();
        await FillAsync(stage);
        Runbook.Shows("disk-full-etcd", await RefusedAsync(loop));
        loop.Mailbox.IsLeading.ShouldBeTrue("it reads, and leads on");
        await MakeRoomAsync(stage);
        await AcceptedAsync(loop);
    }

    /// <summary>
    /// The server says what it says then; a trigger has it say so. On such an error the driver gives up the session, and the leadership goes with it.
    /// </summary>
    [PostgresFact]
    public async Task Database_whose_disk_is_full_refuses_the_change_and_coordinators_end_until_there_is_room()
    {
        var (direct, _) = await servers.NewStoreAsync();
        await using (var store = PostgresServers.Open(direct, PostgresServers.Patient))
        {
            await using var stage = new LoopStage(1000, store);
            await stage.BeginAsync();
            await PostgresServers.RunAsync(direct, """
                create function fleet_store.no_room() returns trigger language plpgsql as $$ begin
                    raise exception 'could not extend file "base/16384/16400": No space left on device' using errcode = '53100';
                end $$;
                create trigger no_room before insert on fleet_store.journal execute function fleet_store.no_room();
                """);
            Runbook.Shows("disk-full-postgres", await RefusedAsync(stage));
            await Should.ThrowAsync<LeadershipEndedException>(() => stage.Running.WaitAsync(Bound));
        }

        await using (var again = PostgresServers.Open(direct, PostgresServers.Patient))
        {
            await using var stage = new LoopStage(1000, again);
            var begun = stage.BeginAsync();
            var reason = await Should.ThrowAsync<StoreUnreachableException>(() => stage.Running.WaitAsync(Bound));
            begun.IsCompleted.ShouldBeFalse();
            Runbook.Shows("disk-full-postgres-again", reason.Message);
        }

        await PostgresServers.RunAsync(direct, "drop trigger no_room on fleet_store.journal");
        await using (var room = PostgresServers.Open(direct, PostgresServers.Patient))
        {
            await using var stage = new LoopStage(1000, room);
            await stage.BeginAsync();
            await AcceptedAsync(stage);
        }

        await servers.DropAsync(direct);
    }

    public void Dispose() => _bound.Dispose();

    /// <summary>What whoever asks for a change is told, and pbm prints.</summary>
    private static async Task<string> RefusedAsync(LoopStage stage)
    {
        var refused = (await stage.ApplyAsync("a", 1)).Decision.ShouldBeOfType<Decision.Refused>();
        refused.Kind.ShouldBe(RefusalKind.Unavailable);
        return refused.Reason;
    }

    private static async Task AcceptedAsync(LoopStage stage)
    {
        var decision = (await stage.ApplyAsync("a", 1)).Decision;
        decision.ShouldBeOfType<Decision.Accepted>((decision as Decision.Refused)?.Reason);
    }

    private async Task FillAsync(EtcdStage stage)
    {
        var octets = new byte[1 << 20];
        using var client = stage.Client();
        await Should.ThrowAsync<EtcdException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                Random.Shared.NextBytes(octets);
                await client.TxnAsync(new TxnRequest([], [new PutRequest("/filler"u8.ToArray(), octets)], []), true, Bound, true);
            }
        });
    }

    /// <summary>What docs/RUNBOOK.md says with etcdctl: compact, defragment, disarm.</summary>
    private async Task MakeRoomAsync(EtcdStage stage)
    {
        var (admin, member) = (stage.Cluster.Admin, stage.Cluster.Members[0]);
        var status = await admin.CallAsync(member, "/v3/maintenance/status", [], Bound);
        await admin.CallAsync(
            member, "/v3/kv/compaction", new JsonObject { ["revision"] = $"{status["header"]!["revision"]}", ["physical"] = true }, Bound);
        await admin.CallAsync(member, "/v3/maintenance/defragment", [], Bound);
        await admin.CallAsync(
            member,
            "/v3/maintenance/alarm",
            new JsonObject { ["action"] = "DEACTIVATE", ["memberID"] = $"{status["header"]!["member_id"]}", ["alarm"] = "NOSPACE" },
            Bound);
    }
}
