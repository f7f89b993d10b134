using System.Net;
using Fleet.Shared.Config;
using Fleet.Shared.Tests.Hocon;

namespace Fleet.Shared.Tests.Config;

/// <summary>Zones on other DNS servers, as they are configured.</summary>
public sealed class PublishConfigTests
{
    [Fact]
    public void Target_takes_what_it_does_not_say_from_the_defaults() =>
        Load("fleet.coordinator.publish = [{ server = \"192.0.2.1:53\", key-file = \"a.key\" }]").Value
            .ShouldNotBeNull().Coordinator.Publish
            .ShouldBe([
            new PublishSettings
            {
                Server = IPEndPoint.Parse("192.0.2.1:53"),
                Zone = null,
                FleetZone = null,
                KeyFile = "a.key",
                TtlSeconds = 5,
                TakeOver = false,
                Every = TimeSpan.FromSeconds(30),
            },
        ]);

    [Fact]
    public void Defaults_can_be_changed_for_all_targets_at_once() =>
        Load(
            "fleet { defaults.publish { ttl = 1m, take-over = on, key-file = \"a.key\" }, coordinator.publish = [{ server = \"192.0.2.1:53\" }, { "
            + "server = \"192.0.2.2:53\", ttl = 0s }] }")
            .Value.ShouldNotBeNull().Coordinator.Publish.Select(p => (p.TtlSeconds, p.TakeOver)).ShouldBe([(60, true), (0, true)]);

    [Theory]
    [InlineData(
        "{ server = \"192.0.2.1:0\", key-file = a }",
        "coordinator.publish[0].server: found \"192.0.2.1:0\", allowed: an address and a port from 1 to 65535 in quotes, such as \"127.0.0.1:7400\"")]
    [InlineData(
        "{ server = \"192.0.2.1:53\" }",
        "coordinator.publish[0].key-file: found nothing, allowed: the name of a file that holds a key, as tsig-keygen prints it")]
    [InlineData(
        "{ server = \"192.0.2.1:53\", key-file = a, ttl = 5 }",
        "coordinator.publish[0].ttl: found 5, allowed: a duration from 0s to 1d, in whole seconds")]
    [InlineData(
        "{ server = \"192.0.2.1:53\", key-file = a, secret = b }",
        "coordinator.publish[0].secret: found an unknown key, allowed: server, zone, fleet-zone, key-file, ttl, take-over, every")]
    [InlineData(
        "{ server = \"192.0.2.1:53\", key-file = a, fleet-zone = x.test }",
        "coordinator.publish: found fleet-zone x.test, allowed: one of the zones that the fleet has: fleet.internal")]
    [InlineData(
        "{ server = \"192.0.2.1:53\", key-file = a }, { server = \"192.0.2.1:53\", key-file = a, zone = Fleet.internal }",
        "coordinator.publish: found zone fleet.internal of server 192.0.2.1:53 twice, allowed: each zone of a server once")]
    public void Mistake_in_a_target(string targets, string message) =>
        Load($"fleet.coordinator.publish = [{targets}]").Errors.Select(e => e.ToString()).ShouldBe([$"a.conf:1: fleet.{message}"]);

    private static ConfigResult<FleetConfig> Load(string text) =>
        FleetConfig.Load("a.conf", new SourcesInMemory(("a.conf", text)), SourcesInMemory.NoEnvironment);
}
