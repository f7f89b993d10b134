using System.Net;
using System.Text.Json;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Shared.Tests.Model;

public sealed class PrincipalTests
{
    private static readonly IPAddress Desk = IPAddress.Parse("10.0.0.7");

    [Fact]
    public void It_reads_as_who_by_what_proof_and_from_where()
    {
        Principal.Claimed("alice", Desk).ToString().ShouldBe("alice (claimed) from 10.0.0.7");
        Principal.Claimed(null, IPAddress.IPv6Loopback).ToString().ShouldBe("anonymous (claimed) from ::1");
        Principal.Leader.ToString().ShouldBe("coordinator");
    }

    [Fact]
    public void Client_that_calls_itself_the_coordinator_is_told_from_it()
    {
        var liar = Principal.Claimed(Principal.Leader.Name, null);
        liar.ShouldNotBe(Principal.Leader);
        liar.ToString().ShouldBe("coordinator (claimed)");
    }

    [Fact]
    public void Name_that_is_said_later_takes_the_place_of_a_claim_and_never_of_a_proof()
    {
        Principal.Claimed(null, Desk).Named("adc-1").ShouldBe(Principal.Claimed("adc-1", Desk));
        Principal.Leader.Named("adc-1").ShouldBe(Principal.Leader);
    }

    [Fact]
    public void Address_of_a_socket_that_takes_both_families_is_written_as_its_own() =>
        Principal.Claimed("alice", Desk.MapToIPv6()).ShouldBe(Principal.Claimed("alice", Desk));

    [Fact]
    public void It_comes_back_from_json_as_it_was()
    {
        var told = new EventView(new MapVersion(1, 2), DateTimeOffset.UnixEpoch, Principal.Claimed("alice", Desk), "node-lost", "text");
        var text = JsonSerializer.Serialize(told, ApiJson.Default.EventView);
        text.ShouldContain("""
            "by":{"name":"alice","proof":"claimed","from":"10.0.0.7"}
            """);
        JsonSerializer.Deserialize(text, ApiJson.Default.EventView).ShouldBe(told);
    }
}
