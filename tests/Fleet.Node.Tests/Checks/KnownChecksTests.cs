using System.Text.Json;
using Fleet.Node.Checks;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Tests.Checks;

public sealed class KnownChecksTests
{
    private static readonly string[] Service =
    [
        "fleet.services.web.vips=1",
        "fleet.services.web.listeners=[{port=80}]",
        "fleet.services.web.backends=[{name=a,address=\"10.0.0.1:80\"}]",
    ];

    [Fact]
    public void Every_kind_is_a_word_of_the_configuration_and_has_a_check()
    {
        var reference = ConfigDocument.ReferenceText.Split('\n');
        var described = reference[Array.IndexOf(reference, "        kind = tcp") - 1];
        foreach (var kind in Enum.GetValues<CheckKind>())
        {
            var word = JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());
            var config = FleetConfig.Load(null, [.. Service, $"fleet.services.web.check.kind={word}"], new HoconFiles(), _ => null);
            config.Errors.ShouldBeEmpty();
            var spec = config.Value!.Services.ShouldHaveSingleItem().Pool.Check;
            spec.Kind.ShouldBe(kind);
            KnownChecks.For(spec, proxyProtocol: false).ShouldNotBeNull();
            described.ShouldContain(word, Case.Sensitive, "what hocon/reference.conf says above kind");
        }
    }
}
