using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Demo.Servers;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>An etcd that asks for a password and a certificate.</summary>
public sealed class EtcdSecurityTests : IDisposable
{
    private const string Password = "correct horse battery staple";

    private static readonly CoordinatorAddress Candidate = new("c1", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(1));
    private readonly TemporaryFolder _folder = new();

    private CancellationToken Bound => _bound.Token;

    [EtcdFact]
    public async Task Store_with_password_and_certificates_works_and_logs_in_again_when_etcd_has_forgotten_it()
    {
        await using var cluster = await StartAsync(3);
        var settings = Settings(cluster);
        await using var store = EtcdServers.Open(settings);
        await using var reader = EtcdServers.Open(settings);
        var leadership = await store.CampaignAsync(Candidate, Bound);
        await using var tail = reader.TailAsync(1, Bound).GetAsyncEnumerator(Bound);
        await EtcdStage.AppendAsync(store, leadership.Term, 1, 2, Bound);
        (await tail.MoveNextAsync()).ShouldBeTrue();
        await store.SaveSnapshotAsync(Samples.State(2, leadership.Term), Bound);
        (await reader.LoadSnapshotAsync(Bound)).ShouldNotBeNull();

        // Tokens are in members' memories alone: after a restart nobody knows them.
        foreach (var member in cluster.Members)
            await member.KillAsync();
        foreach (var member in cluster.Members)
            member.Start();
        await cluster.BecomeHealthyAsync(Bound);
        await UntilAppendedAsync(store, Samples.Entry(3, leadership.Term));
        await leadership.BecomeValidAsync(Bound);
        await reader.DeposeAsync(leadership.Term - 1, Bound);
        leadership.Ended.IsCancellationRequested.ShouldBeFalse();
        (await EtcdStage.ReadAsync(reader, 1, Bound)).Count.ShouldBe(3);
    }

    [EtcdFact]
    public async Task Wrong_password_is_refused_in_clear_words_that_do_not_hold_it()
    {
        await using var cluster = await StartAsync(1);
        File.WriteAllText(_folder.File("password"), "a wrong secret\n");
        await using var store = EtcdServers.Open(Settings(cluster) with { PasswordFile = _folder.File("password") });
        var refused = await Should.ThrowAsync<StoreUnreachableException>(() => store.CampaignAsync(Candidate, Bound));
        refused.Message.ShouldContain("invalid user ID or password");
        $"{refused}".ShouldNotContain("wrong secret");
        await using var nobody = EtcdServers.Open(Settings(cluster) with { User = null, PasswordFile = null });
        (await Should.ThrowAsync<StoreUnreachableException>(() => nobody.LeaderAsync(Bound))).Message.ShouldContain("says: etcdserver");
    }

    [EtcdFact]
    public async Task Member_whose_certificate_another_authority_has_issued_is_no_member()
    {
        await using var cluster = await StartAsync(1);
        var others = new EtcdCertificates(_folder.File("others"));
        await using var store = EtcdServers.Open(Settings(cluster) with { CaFile = others.AuthorityFile });
        (await Should.ThrowAsync<StoreUnreachableException>(() => store.LeaderAsync(Bound))).Message.ShouldContain("TLS");
    }

    [Fact]
    public void File_that_cannot_be_used_is_reported_before_anything_starts()
    {
        File.WriteAllText(_folder.File("empty.pem"), "");
        var settings = EtcdServers.For([]);
        EtcdFiles.Mistake(settings, new LocalDisk()).ShouldBeNull();
        EtcdFiles.Mistake(settings with { CaFile = _folder.File("empty.pem") }, new LocalDisk()).ShouldNotBeNull()
            .ShouldContain("it holds no certificate");
        EtcdFiles.Mistake(settings with { User = "u", PasswordFile = _folder.File("none") }, new LocalDisk()).ShouldNotBeNull()
            .ShouldContain("the password of etcd's user u cannot be read");
    }

    public void Dispose()
    {
        _bound.Dispose();
        _folder.Dispose();
    }

    private Task<EtcdCluster> StartAsync(int members)
    {
        File.WriteAllText(_folder.File("right"), $"{Password}\n");
        return EtcdCluster.StartAsync(new EtcdOptions { Members = members, Password = Password, FleetPrefix = "/fleet-test/", Tls = true }, Bound);
    }

    private EtcdSettings Settings(EtcdCluster cluster) => EtcdServers.For(cluster.Endpoints) with
    {
        User = "fleet",
        PasswordFile = _folder.File("right"),
        CaFile = cluster.Certificates!.AuthorityFile,
        CertFile = cluster.Certificates.ClientFile,
        KeyFile = cluster.Certificates.ClientKeyFile,
        Lease = TimeSpan.FromSeconds(30),
    };

    private async Task UntilAppendedAsync(EtcdFleetStore store, JournalEntry entry)
    {
        while (true)
        {
            try
            {
                if ((await EtcdStage.ReadAsync(store, entry.Revision, Bound)).Count == 0)
                    await store.AppendAsync(entry, Bound);
                return;
            }
            catch (StoreUnreachableException)
            {
                await Task.Delay(50, Bound);
            }
        }
    }
}
