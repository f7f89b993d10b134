using System.CommandLine;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Placement.Advice;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;

namespace Fleet.Cli.Commands;

/// <summary>The changes that <c>pbm whatif</c> asks about, as options; all that may be repeated take lists joined by commas too.</summary>
internal sealed class ChangeOptions
{
    private readonly Option<string[]> _fail = Names("--fail", "These nodes die at once", "NODE,...");
    private readonly Option<string[]> _failDomain = Names("--fail-domain", "All nodes of this failure domain die at once", "[SITE/]DOMAIN");
    private readonly Option<string[]> _drain = Names("--drain", "This node hands over all it has", "NODE");
    private readonly Option<string[]> _remove = Names("--remove", "This node hands over all it has and leaves", "NODE");
    private readonly Option<string[]> _surge = Names(
        "--surge", "This service is asked for so many times as much: web=x2, web=150%", "SERVICE=FACTOR");
    private readonly Option<int?> _add = Units.Whole("--add", "So many nodes join", 1, 10_000);
    private readonly Option<long?> _capacity = Units.Rate("--capacity", "With --add: what each can carry [default: the fleet's median]");
    private readonly Option<string?> _site = new("--site")
    {
        Description = "With --add: where they join [default: the site with the most nodes]",
        HelpName = "SITE",
    };
    private readonly Option<string?> _domain = new("--domain")
    {
        Description = "With --add: their failure domain [default: spread over the site's, the emptiest first]",
        HelpName = "DOMAIN",
    };

    public ChangeOptions(Command command)
    {
        foreach (var option in new Option[] { _fail, _failDomain, _drain, _remove, _add, _capacity, _site, _domain, _surge })
            command.Options.Add(option);
        _surge.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.SelectMany(token => Split(token.Value)).Where(text => !TrySurge(text, out _)))
                result.AddError($"--surge takes SERVICE=FACTOR such as web=x2 or web=150%, not '{text}'.");
        });
    }

    /// <summary>At least one, or it is a mistake.</summary>
    public IReadOnlyList<Change> Query(Session session)
    {
        var added = session.Get(_add);
        if (added is null && (session.Get(_capacity) is not null || session.Get(_site) is not null || session.Get(_domain) is not null))
            throw PbmException.Usage("--capacity, --site and --domain say what is added: they need --add.");
        List<Change> changes =
        [
            .. All(session, _surge).Select(text => TrySurge(text, out var surge) ? surge : throw PbmException.Usage($"--surge cannot be '{text}'.")),
            .. All(session, _drain).Select(name => new Change.Drain(NodeName.Parse(name))),
            .. All(session, _remove).Select(name => new Change.Remove(NodeName.Parse(name))),
            .. added is { } count
                ? [new Change.Add(count, session.Get(_capacity), Site(session.Get(_site)), Domain(session.Get(_domain)))]
                : Array.Empty<Change>(),
            .. All(session, _fail).Select(name => new Change.Fail(NodeName.Parse(name))),
            .. All(session, _failDomain).Select(OfDomain),
        ];
        return changes.Count > 0
            ? changes
            : throw PbmException.Usage("say what is to happen: --fail, --fail-domain, --drain, --remove, --add or --surge.");
    }

    private static Change OfDomain(string text) => text.Split('/', 2) is [var site, var domain]
        ? new Change.FailDomain(new SiteName(site), new DomainName(domain))
        : new Change.FailDomain(null, new DomainName(text));

    /// <summary><c>x2</c>, <c>2</c> and <c>200%</c> are the same factor.</summary>
    private static bool TrySurge(string text, out Change.Surge surge)
    {
        var split = text.LastIndexOf('=');
        var factor = split < 0 ? "" : text[(split + 1)..];
        var sound = HoconUnits.TryFraction(
            new HoconValue.String(factor.StartsWith('x') ? factor[1..] : factor, new HoconOrigin("--surge", 0)), out var times)
            && split > 0
            && times >= 0;
        surge = new Change.Surge(new ServiceName(split < 0 ? text : text[..split]), times);
        return sound;
    }

    private static SiteName? Site(string? name) => name is null ? null : new SiteName(name);

    private static DomainName? Domain(string? name) => name is null ? null : new DomainName(name);

    private static IEnumerable<string> All(Session session, Option<string[]> option) =>
        (session.Get(option) ?? []).SelectMany(Split).Distinct(StringComparer.Ordinal);

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Option<string[]> Names(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true };
}
