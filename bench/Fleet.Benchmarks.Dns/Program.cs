using System.CommandLine;
using Fleet.Benchmarks.Dns;
using Fleet.Benchmarks.Dns.Children;
using Fleet.Benchmarks.Dns.Scenario;

var quick = new Option<bool>("--quick") { Description = "3 rounds of one second: a minute or two, and figures that are less sure." };
var rounds = new Option<int?>("--rounds") { Description = "How often each server is measured, in turn with the others; 7, or 3 with --quick." };
var seconds = new Option<double?>("--seconds") { Description = "How long each time; 2, or 1 with --quick." };
var peers = new Option<string[]>("--peers")
{
    Description = "Which servers to measure beside Fleet's, of echo-c, echo-cs, gdnsd, knot, nsd, powerdns; all that are installed.",
    CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
    AllowMultipleArgumentsPerToken = true,
};
var only = new Option<DnsPart?>("--only")
{
    Description = "Only one part: peers, changes (large maps that change), signed (DNSSEC) or withdrawal (how long stale answers go on).",
};
var dnssec = new Option<bool>("--dnssec") { Description = "The same as --only signed." };
var withdrawal = new Option<bool>("--withdrawal") { Description = "The same as --only withdrawal." };
var window = new Option<int>("--window")
{
    Description = "Queries under way at once in the closed loop, 64 to 4096.",
    DefaultValueFactory = _ => 256,
};
var names = new Option<int>("--names") { Description = "How many names are asked for.", DefaultValueFactory = _ => 100 };
var prefixes = new Option<int>("--prefixes") { Description = "How many client networks belong to a site.", DefaultValueFactory = _ => 1000 };
var json = new Option<bool>("--json") { Description = "Print the figures as one JSON object on standard output, and the tables on standard error." };
var priority = new Option<bool>("--priority")
{
    Description = "For a machine that has other work: server and generator go before it, in turn with pauses. As root.",
};
var port = new Option<int>("--port");

var root = new RootCommand("""
    Fleet's DNS server beside gdnsd, Knot, NSD, PowerDNS and a bare echo: queries per second, CPU time per query, loss and latency; large maps and
    maps that change; how long stale answers go on. Server on core 0, generator on core 1, everything on loopback.

    Examples:
      ./fleet bench dns --quick
      ./fleet bench dns --peers gdnsd,echo-c --rounds 5
      ./fleet bench dns --withdrawal
    """) { quick, rounds, seconds, peers, only, withdrawal, dnssec, window, names, prefixes, priority, json };
root.SetAction(parsed => new DnsBench(new DnsOptions(
    parsed.GetValue(rounds) ?? (parsed.GetValue(quick) ? 3 : 7),
    parsed.GetValue(seconds) ?? (parsed.GetValue(quick) ? 1 : 2),
    Math.Clamp(parsed.GetValue(window), 64, 4096),
    new Workload(Math.Clamp(parsed.GetValue(names), 1, 100_000), Math.Clamp(parsed.GetValue(prefixes), 1, 1_000_000)),
    parsed.GetValue(peers) ?? [],
    parsed.GetValue(withdrawal) ? DnsPart.Withdrawal : parsed.GetValue(dnssec) ? DnsPart.Signed : parsed.GetValue(only),
    parsed.GetValue(priority),
    parsed.GetValue(json))).RunAsync());

var changeMs = new Option<double?>("--change-ms");
var signed = new Option<bool>("--signed");
var serve = Hidden("serve", port, names, prefixes, changeMs, signed);
serve.SetAction(parsed => FleetServer.RunAsync(
    parsed.GetValue(port),
    Load(parsed),
    parsed.GetValue(changeMs) is { } every ? TimeSpan.FromMilliseconds(every) : null,
    parsed.GetValue(signed)));
Hidden("echo", port).SetAction(parsed => EchoServer.Run(parsed.GetValue(port)));
Hidden("decide", names, prefixes, rounds).SetAction(parsed => Deciding.Run(Load(parsed), parsed.GetValue(rounds) ?? 400));
Hidden("withdraw", names, prefixes, rounds).SetAction(parsed => new Withdrawals(Load(parsed), parsed.GetValue(rounds) ?? 1).RunAsync());
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

Workload Load(ParseResult parsed) => new(parsed.GetValue(names), parsed.GetValue(prefixes));

Command Hidden(string name, params Option[] options)
{
    var command = new Command(name) { Hidden = true };
    foreach (var option in options)
        command.Add(option);
    root.Add(command);
    return command;
}
