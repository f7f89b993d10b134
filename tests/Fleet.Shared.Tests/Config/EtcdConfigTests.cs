using Fleet.Shared.Config;
using Fleet.Shared.Tests.Hocon;

namespace Fleet.Shared.Tests.Config;

public sealed class EtcdConfigTests
{
    [Theory]
    [InlineData(
        "fleet.coordinator.etcd.endpoints = [\"etcd-1:2379\"]",
        "fleet.coordinator.etcd.endpoints[0]: found \"etcd-1:2379\", allowed: an address and a port from 1 to 65535 in quotes, such as "
        + "\"127.0.0.1:7400\"")]
    [InlineData(
        "fleet.coordinator.etcd.prefix = fleet",
        "fleet.coordinator.etcd.prefix: found \"fleet\", allowed: a prefix of keys that begins with a slash, in quotes, such as \"/fleet\"")]
    [InlineData(
        "fleet.coordinator.etcd.lease = 1500ms",
        "fleet.coordinator.etcd.lease: found \"1500ms\", allowed: a duration from 1s to 1m, in whole seconds")]
    [InlineData(
        "fleet.coordinator.etcd.attempt-timeout = 5ms",
        "fleet.coordinator.etcd.attempt-timeout: found \"5ms\", allowed: a duration from 50ms to 10s")]
    [InlineData(
        "fleet.coordinator.etcd.user = fleet",
        "fleet.coordinator.etcd.user: found \"fleet\" without password-file, allowed: both, or neither")]
    [InlineData(
        "fleet.coordinator.etcd.password-file = /etc/fleet/etcd",
        "fleet.coordinator.etcd.password-file: found \"/etc/fleet/etcd\" without user, allowed: both, or neither")]
    [InlineData(
        "fleet.coordinator.etcd { ca-file = /a.pem, cert-file = /b.pem }",
        "fleet.coordinator.etcd.cert-file: found \"/b.pem\" without key-file, allowed: both, or neither")]
    [InlineData(
        "fleet.coordinator.etcd { cert-file = /b.pem, key-file = /b.key }",
        "fleet.coordinator.etcd.cert-file: found \"/b.pem\" without ca-file, allowed: a certificate of this coordinator's only with TLS, which "
        + "ca-file turns on")]
    public void Mistake_is_told_with_its_place_and_what_is_allowed(string text, string message) =>
        FleetConfig.Load("a.conf", new SourcesInMemory(("a.conf", text)), SourcesInMemory.NoEnvironment).Errors
            .Select(error => $"{error}").ShouldBe([$"a.conf:1: {message}"]);

    [Fact]
    public void Everything_can_be_set()
    {
        var text = """
            fleet.coordinator { store = etcd, etcd {
              endpoints = ["10.0.0.1:2379", "[2001:db8::2]:2379"], prefix = "/a/b", lease = 5s, attempt-timeout = 1s, user = fleet
              password-file = /p, ca-file = /a.pem, cert-file = /b.pem, key-file = /b.key
            } }
            """;
        var coordinator = FleetConfig.Load("a.conf", new SourcesInMemory(("a.conf", text)), SourcesInMemory.NoEnvironment).Value
            .ShouldNotBeNull().Coordinator;
        coordinator.Store.ShouldBe(StoreKind.Etcd);
        coordinator.Etcd.Endpoints.Select(at => $"{at}").ShouldBe(["10.0.0.1:2379", "[2001:db8::2]:2379"]);
        (coordinator.Etcd with { Endpoints = [] }).ShouldBe(new EtcdSettings
        {
            Endpoints = [],
            Prefix = "/a/b",
            Lease = TimeSpan.FromSeconds(5),
            AttemptTimeout = TimeSpan.FromSeconds(1),
            User = "fleet",
            PasswordFile = "/p",
            CaFile = "/a.pem",
            CertFile = "/b.pem",
            KeyFile = "/b.key",
        });
    }
}
