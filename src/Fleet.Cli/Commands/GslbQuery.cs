using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Text.Json;
using Fleet.Cli.Gslb;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;

namespace Fleet.Cli.Commands;

/// <summary><c>gslb query</c>: asks every node over DNS, as a resolver would, and says whether they agree with each other and with the map.</summary>
internal static class GslbQuery
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(2);

    public static PbmCommand Command(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "A service's DNS label, or a whole name" };
        var type = new Option<DnsType>("--type")
        {
            Description = "A, AAAA, TXT, SOA, NS ...",
            HelpName = "TYPE",
            CustomParser = Type,
            DefaultValueFactory = _ => DnsType.A,
        };
        var node = new Option<string?>("--node") { Description = "Ask this node only", HelpName = "NODE" };
        var server = new Option<string[]>("--server")
        {
            Description = "Ask this server instead of the nodes; may be repeated",
            HelpName = "HOST:PORT",
            Arity = ArgumentArity.OneOrMore,
        };
        var client = new Option<ClientSubnet?>("--client")
        {
            Description = "Ask on behalf of this subnet (EDNS Client Subnet), and say step by step why it is answered so",
            HelpName = "SUBNET",
            CustomParser = Subnet,
        };
        var count = new Option<int>("--count") { Description = "Ask each so many times", HelpName = "N", DefaultValueFactory = _ => 1 };
        count.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var n) && n is < 1 or > 10_000)
                result.AddError($"--count takes 1 to 10000, not {text}.");
        });
        var command = new PbmCommand(
            "query",
            "Ask every node over DNS and compare: exit code 1 when they do not agree, 3 when none answers.",
            "pbm gslb query web",
            "pbm gslb query web.fleet.internal --count 5 --client 10.1.0.0/16",
            "pbm gslb query map --type TXT --server 127.0.0.1:5300") { name, type, node, server, client, count };
        return command.Does(shell, async (session, cancel) =>
        {
            var servers = session.Get(server) ?? [];
            var map = await MapAsync(session, servers.Length > 0, cancel);
            var asked = servers.Length > 0
                ? [.. await Task.WhenAll(servers.Select(text => DnsServers.FindAsync(text, cancel)))]
                : DnsServers.InMap(map!, session.Get(node));
            var question = new Question(Full(session.Get(name), map), session.Get(type), session.Get(client), session.Get(count));
            return await CompareAsync(session, question, asked, map, cancel);
        });
    }

    private static async Task<int> CompareAsync(
        Session session, Question question, ImmutableArray<DnsServer> servers, FleetMap? map, CancellationToken cancel)
    {
        if (!DnsName.TryParse(question.Name, out var name))
            throw PbmException.Usage($"'{question.Name}' is not a domain name.");
        var patience = session.Timeout < PatienceMax ? session.Timeout : PatienceMax;
        var asker = new DnsAsker(name, question.Type, question.Client, patience);
        ImmutableArray<DnsAnswer> answers =
        [
            .. (await Task.WhenAll(servers.Select(server => AskAsync(asker, server, question.Count, cancel)))).SelectMany(of => of),
        ];
        if (!answers.Any(answer => answer.Came))
            throw PbmException.Unreachable(
                $"no DNS server answers: asked {Words.List(servers.Select(server => $"{server.Name} ({server.Address})"))}.");
        var possible = map is null ? null : GslbRecords.Possible(map, question.Name, question.Type, question.Client);
        var steps = Steps(map, question);
        var agreement = Agreement.Compare(answers, possible);
        if (session.Json)
            session.Show(
                JsonSerializer.SerializeToNode(
                    GslbReport.Create(question.Name, $"{question.Type}".ToUpperInvariant(), answers, possible, agreement, steps),
                    GslbJson.Default.GslbReport)!);
        else
            session.Show(GslbRenderer.Answers(answers, agreement, steps));
        return agreement.Holds ? ExitCode.Ok : ExitCode.Refused;
    }

    private static async Task<List<DnsAnswer>> AskAsync(DnsAsker asker, DnsServer server, int count, CancellationToken cancel)
    {
        var answers = new List<DnsAnswer>(count);
        for (var i = 0; i < count && (i == 0 || answers[^1].Came); i++)
            answers.Add(await asker.AskAsync(server.Name, server.Address, cancel));
        return answers;
    }

    /// <summary>Where the user names the servers, the map is only for comparing: DNS goes on without coordinators, and so does this.</summary>
    private static async Task<FleetMap?> MapAsync(Session session, bool canDoWithout, CancellationToken cancel)
    {
        try
        {
            return (await session.Client.ReadAsync(Routes.Map, ApiJson.Default.FleetMap, cancel)).View;
        }
        catch (PbmException e) when (canDoWithout && e.ExitCode == ExitCode.Unreachable)
        {
            return null;
        }
    }

    private static string Full(string name, FleetMap? map) => map is null ? name : GslbRecords.FullName(name, map.Policy.Zone);

    /// <summary>Why a client is answered as it is; only where one was given, and the name is a service's.</summary>
    private static ImmutableArray<string> Steps(FleetMap? map, Question question) =>
        map is null || question.Client is null || question.Type is not (DnsType.A or DnsType.Aaaa)
            ? []
            :
            [
                .. GslbRecords
                    .ServicesOf(map, question.Name)
                    .SelectMany(service => Explanation.Explain(map, service, question.Type, question.Client)),
            ];

    private static DnsType Type(ArgumentResult result)
    {
        if (Enum.TryParse<DnsType>(result.Tokens[0].Value, ignoreCase: true, out var type)
            && Enum.IsDefined(type)
            && type is not (DnsType.None or DnsType.Opt))
            return type;
        result.AddError($"'{result.Tokens[0].Value}' is not a record type that can be asked for.");
        return DnsType.None;
    }

    private static ClientSubnet? Subnet(ArgumentResult result)
    {
        var parts = result.Tokens[0].Value.Split('/');
        if (parts.Length <= 2 && IPAddress.TryParse(parts[0], out var address))
        {
            var bits = address.GetAddressBytes().Length * 8;
            if (parts.Length == 1)
                return ClientSubnet.Truncate(address, bits);
            if (int.TryParse(parts[1], out var prefix) && prefix >= 0 && prefix <= bits)
                return ClientSubnet.Truncate(address, prefix);
        }

        result.AddError($"'{result.Tokens[0].Value}' is not a subnet; one looks like 10.1.0.0/16.");
        return null;
    }

    private sealed record Question(string Name, DnsType Type, ClientSubnet? Client, int Count);
}
