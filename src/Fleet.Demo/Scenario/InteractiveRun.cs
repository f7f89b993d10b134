using System.Text.Json;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Shared.Map;

namespace Fleet.Demo.Scenario;

/// <summary>The demo for a person: a fleet to look at and to break, until Ctrl-C.</summary>
internal sealed class InteractiveRun(FleetProcesses fleet, string folder, bool twoSites, TextWriter output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await output.WriteLineAsync("Starting the backends, the coordinator and the nodes ...");
        await fleet.StartAsync(cancellation);
        var map = await fleet.Api.UntilAsync(m => FleetApi.IsSettled(m, fleet.Nodes.Count), Patience, "the fleet to form", cancellation);
        if (fleet.Casualty is { } casualty)
            throw new TimeoutException(casualty);
        WritePbm();
        await File.WriteAllTextAsync(Path.Combine(folder, "endpoints.json"), Endpoints(map), cancellation);
        await output.WriteLineAsync(Guide(map));
        if (twoSites)
            await output.WriteLineAsync(await SitesGuideAsync(cancellation));
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("Stopping the fleet ...");
        }
    }

    /// <summary>A pbm that knows this fleet: it is on the path that the guide names.</summary>
    private void WritePbm()
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        var script = Path.Combine(bin, "pbm");
        var api = string.Join(',', fleet.Api.Coordinators);
        File.WriteAllText(script, $"#!/bin/sh\nFLEET_API=\"${{FLEET_API:-{api}}}\" exec \"{Programs.Pbm}\" \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>For scripts: where everything is.</summary>
    private string Endpoints(FleetMap map)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("api", fleet.Api.Url.ToString());
            json.WriteString("dashboard", fleet.Api.Url.ToString());
            json.WriteStartArray("dns");
            foreach (var server in fleet.DnsServers)
                json.WriteStringValue(server.ToString());
            json.WriteEndArray();
            json.WriteString("zone", FleetPlan.Zone);
            json.WriteStartArray("services");
            foreach (var service in map.Services.Values)
            {
                json.WriteStartObject();
                json.WriteString("name", service.Name.Value);
                json.WriteStartArray("vips");
                foreach (var vip in service.Vips)
                    json.WriteStringValue(vip.ToString());
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Processes(json, "nodes", fleet.Nodes.Values.Select(n => (n.Name, n.Agent.Pid)));
            Processes(json, "coordinators", fleet.Coordinators.Select(c => (c.Name, c.Pid)));
            if (fleet.Servers?.Url is { } postgres)
                json.WriteString("postgres", postgres);
            if (fleet.Servers?.Etcd is { } etcd)
            {
                json.WriteStartArray("etcd");
                foreach (var endpoint in etcd.Endpoints)
                    json.WriteStringValue(endpoint.ToString());
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Processes(Utf8JsonWriter json, string name, IEnumerable<(string Name, int Pid)> processes)
    {
        json.WriteStartArray(name);
        foreach (var process in processes)
        {
            json.WriteStartObject();
            json.WriteString("name", process.Name);
            json.WriteNumber("pid", process.Pid);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task<string> SitesGuideAsync(CancellationToken cancellation)
    {
        var first = fleet.Nodes.Values.Where(node => node.Number % 2 == 1);
        var pids = string.Join(' ', await fleet.ProcessesOfSiteAsync(1, cancellation));
        var (here, there) = (fleet.Nodes.Values.First(node => node.Number % 2 == 1).Dns, fleet.Nodes.Values.First(node => node.Number % 2 == 0).Dns);
        return $"""
            Two sites: {string.Join(", ", first.Select(node => node.Name))} stand in dc1, the others in dc2;
            clients of 127.1.0.0/16 and 10.1.0.0/16 are dc1's, of 127.2.0.0/16 and 10.2.0.0/16 dc2's.
              dig -b 127.1.0.1 @{there.Address} -p {there.Port} {FleetPlan.ServiceHost} +short     # from dc1: VIPs of dc1, whichever node answers
              dig -b 127.2.0.1 @{here.Address} -p {here.Port} {FleetPlan.ServiceHost} +short
              pbm gslb query web --client 10.1.0.0/16
              kill -STOP {pids}     # dc1 is cut off: within a second its clients are answered from dc2 (ask a node of dc2)
              kill -CONT {pids}     # back: answered again after the hold-down of {FleetPlan.HoldDownSeconds} s
            """;
    }

    private string Guide(FleetMap map)
    {
        var dns = fleet.DnsServers.First();
        var vip = map.Vips.Keys.First();
        var victim = fleet.Nodes.Values.ElementAt(1);
        return $"""

            The fleet runs: {fleet.Nodes.Count} nodes, {map.Vips.Count} VIPs, zone {FleetPlan.Zone}.

              Dashboard   {fleet.Api.Url}
              pbm         export PATH="{Path.Combine(folder, "bin")}:$PATH"
              Logs        {Path.Combine(folder, "logs")}
              For scripts {Path.Combine(folder, "endpoints.json")}

            Look
              pbm cluster show
              pbm vip list
              pbm vip explain {vip}
              pbm gslb query {FleetPlan.ServiceHost}
              dig @{dns.Address} -p {dns.Port} {FleetPlan.ServiceHost}
              curl http://{vip}:{FleetNetwork.ServicePort}/

            Break, and watch it heal (pbm cluster tail in another terminal)
              kill -9 {victim.Agent.Pid}        # the agent of {victim.Name}: its relay serves on until the lease ends
              pbm node drain {fleet.Nodes.Values.Last().Name}
              kill -STOP {fleet.Coordinator!.Pid}      # no coordinator: nothing is lost; kill -CONT {fleet.Coordinator.Pid} brings it back

            Ctrl-C stops everything.
            """;
    }
}
