using System.CommandLine;
using System.Net;
using Fleet.Lab.Backends;
using Fleet.Lab.Traffic;
using Fleet.Lab.Tun;

namespace Fleet.Lab.Commands;

/// <summary>Programs that a lab runs inside its namespaces. Nobody else calls them.</summary>
internal static class InsideCommands
{
    public static IEnumerable<Command> All => [Wire(), Backend(), Client()];

    private static Command Wire()
    {
        var device = new Option<string>("--device") { Required = true };
        var rules = new Option<string>("--rules") { Required = true };
        var socket = new Option<string>("--socket") { Required = true };
        var command = new Command("wire", "The relay of the router.") { device, rules, socket };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            await WireRelay.RunAsync(
                parsed.GetValue(device)!, parsed.GetValue(rules)!, parsed.GetValue(socket)!, Random.Shared.Next(), cancellation);
            return 0;
        }));
        return command;
    }

    private static Command Backend()
    {
        var name = new Option<string>("--name") { Required = true };
        var listen = new Option<string[]>("--listen") { Required = true };
        var node = new Option<string[]>("--node") { Description = "NAME=ADDRESS of a node." };
        var command = new Command("backend", "A real server.") { name, listen, node };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            var nodes = (parsed.GetValue(node) ?? []).Select(each => each.Split('=', 2))
                .ToDictionary(each => IPAddress.Parse(each[1]), each => each[0]);
            await new LabBackend(parsed.GetValue(name)!, nodes).RunAsync([.. parsed.GetValue(listen)!.Select(IPEndPoint.Parse)], cancellation);
            return 0;
        }));
        return command;
    }

    private static Command Client()
    {
        var name = new Option<string>("--name") { Required = true };
        var host = new Option<string>("--host") { Required = true };
        var rate = new Option<double>("--rate") { Required = true };
        var vip = new Option<string[]>("--vip");
        var dns = new Option<string[]>("--dns");
        var command = new Command("client", "A client.") { name, host, rate, vip, dns };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            var client = new TrafficClient(
                parsed.GetValue(name)!, parsed.GetValue(host)!, Ends(parsed.GetValue(vip)), Ends(parsed.GetValue(dns)));
            await client.RunAsync(parsed.GetValue(rate), Console.Out, cancellation);
            return 0;
        }));
        return command;
    }

    private static IReadOnlyList<IPEndPoint> Ends(string[]? texts) => [.. (texts ?? []).Select(IPEndPoint.Parse)];
}
