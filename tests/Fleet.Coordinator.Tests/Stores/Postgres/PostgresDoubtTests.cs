using System.Net;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Demo.Servers;
using Fleet.Shared.Shell;
using Fleet.Testing.Wan;
using Npgsql;

namespace Fleet.Coordinator.Tests.Stores.Postgres;

/// <summary>Appends of which it is not known what became.</summary>
public sealed partial class PostgresTroubleTests
{
    [PostgresFact]
    public async Task Append_whose_answer_is_lost_is_found_by_reading()
    {
        using var wire = new TcpProxy(new IPEndPoint(IPAddress.Loopback, FreePort.Next()), Server.Endpoint);
        var store = Open(Through(wire.Address));
        var leadership = await store.CampaignAsync(C1, Bound);
        wire.FromTarget.Cut();
        (await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(1, leadership.Term), Bound)))
            .IsSurelyNotWritten.ShouldBeFalse();
        await Should.ThrowAsync<StoreUnreachableException>(() => ReadAsync(store));
        wire.FromTarget.Heal();
        (await EventuallyReadAsync(store)).Select(e => e.Revision).ShouldBe([1]);
    }

    [PostgresFact]
    public async Task While_an_append_is_under_way_reading_does_not_say_that_it_is_not_there()
    {
        var store = Open(_connection);
        var leadership = await store.CampaignAsync(C1, Bound);
        await using var hold = await HoldAsync();
        await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(1, leadership.Term), Bound));
        (await Should.ThrowAsync<StoreUnreachableException>(() => ReadAsync(store))).Message.ShouldContain("not known yet");
        await hold.DisposeAsync();
        (await EventuallyReadAsync(store)).Select(e => e.Revision).ShouldBe([1]);
    }

    [PostgresFact]
    public async Task Session_that_is_ended_while_it_writes_does_not_say_that_nothing_was_written()
    {
        var store = Open(_connection, PostgresServers.Patient);
        var leadership = await store.CampaignAsync(C1, Bound);
        await using var hold = await HoldAsync();
        var append = store.AppendAsync(Samples.Entry(1, leadership.Term), Bound);
        await EventuallyAsync(async () => Equals(await AskAsync("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"), 1L));
        await Server.RunAsync("select pg_terminate_backend(pid) from fleet_store.lock_holder", "fleet");
        (await Should.ThrowAsync<StoreUnreachableException>(append)).IsSurelyNotWritten.ShouldBeFalse();
        leadership.Ended.IsCancellationRequested.ShouldBeTrue();
    }

    /// <summary>The server goes on with what it was told in a session that is lost here: reading must not say "not there" too early.</summary>
    [PostgresFact]
    public async Task Entry_that_is_not_read_cannot_appear_later_although_the_server_was_still_writing_it()
    {
        var port = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var wire = new TcpProxy(port, Server.Endpoint);
        var store = Open(Through(port));
        var leadership = await store.CampaignAsync(C1, Bound);
        await using var admin = NpgsqlDataSource.Create(Server.ConnectionString("fleet", PostgresServer.Admin));
        await using var blocker = await admin.OpenConnectionAsync(Bound);
        await using var holding = await blocker.BeginTransactionAsync(Bound);
        await using var hold = new NpgsqlCommand("lock table fleet_store.journal in share mode", blocker, holding);
        await hold.ExecuteNonQueryAsync(Bound);
        await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(1, leadership.Term), Bound));
        wire.ToTarget.Cut();
        wire.FromTarget.Cut();
        wire.Dispose();
        using var mended = new TcpProxy(port, Server.Endpoint);
        var isThere = (await EventuallyReadAsync(store)).Count;
        await holding.RollbackAsync(Bound);
        await Task.Delay(500, Bound);
        (await ReadAsync(Open(_connection))).Count.ShouldBe(isThere);
        leadership.Ended.IsCancellationRequested.ShouldBeTrue();
    }

    /// <summary>The server has it still, lock and all: what asks on another connection is told that all is well.</summary>
    [PostgresFact]
    public async Task Session_that_is_lost_here_ends_the_leadership_though_the_server_has_it_and_nobody_reads_or_writes()
    {
        var port = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var wire = new TcpProxy(port, Server.Endpoint);
        var store = Open(Through(port));
        var leadership = await store.CampaignAsync(C1, Bound);
        await using var hold = await HoldAsync();
        await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(1, leadership.Term), Bound));
        // The end of the connection never gets there.
        wire.ToTarget.Cut();
        wire.Dispose();
        using var mended = new TcpProxy(port, Server.Endpoint);
        await leadership.Ended.WhenCancelledAsync(Bound).WaitAsync(TimeSpan.FromSeconds(30), Bound);
    }

    /// <summary>Each answer is 200 ms under way; what is valid counts from before that.</summary>
    [PostgresFact]
    public async Task Victory_that_is_heard_of_late_is_not_valid_for_longer()
    {
        using var wire = new TcpProxy(new IPEndPoint(IPAddress.Loopback, FreePort.Next()), Server.Endpoint);
        var late = TimeSpan.FromMilliseconds(200);
        var timing = new LeadershipTiming(TimeSpan.FromSeconds(5));
        var store = Open(Through(wire.Address), PostgresServers.Patient with { Timing = timing });
        wire.FromTarget.Delay = late;
        var leadership = await store.CampaignAsync(C1, Bound);
        (leadership.ValidUntil - MonotonicClock.System.Now).ShouldBeLessThanOrEqualTo(timing.Counted - late);
        wire.FromTarget.Delay = TimeSpan.Zero;
    }

    /// <summary>Nothing is written to the journal until it is disposed of; everybody may read it.</summary>
    private async Task<NpgsqlConnection> HoldAsync()
    {
        var holder = new NpgsqlConnection(Server.ConnectionString("fleet", PostgresServer.Admin) + ";Pooling=false");
        await holder.OpenAsync(Bound);
        await using var hold = new NpgsqlCommand("begin; lock table fleet_store.journal in share mode", holder);
        await hold.ExecuteNonQueryAsync(Bound);
        return holder;
    }

    private string Through(IPEndPoint wire) => new NpgsqlConnectionStringBuilder(_connection) { Port = wire.Port }.ConnectionString;
}
