using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using Fleet.Demo.Processes;
using Fleet.Lab.Configs;
using Fleet.Lab.Labs;
using Fleet.Lab.Status;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Traffic;

/// <summary>Starts a client's process in the namespace of each client, and shows what they say, second by second.</summary>
internal sealed class TrafficView(NetworkLab lab)
{
    /// <param name="targets">Where requests go; empty asks the DNS of the agents, or takes all VIPs while no agent runs.</param>
    /// <param name="most">How long; the end of the lab or of this process ends it too.</param>
    /// <param name="asJson">A line of JSON for each client and second, in place of a table.</param>
    public async Task RunAsync(
        double rate, IReadOnlyList<IPEndPoint> targets, TimeSpan most, bool asJson, TextWriter output, CancellationToken cancellation)
    {
        var clients = lab.Topology.Of(HostKind.Client).ToArray();
        if (clients.Length == 0)
            throw new LabException($"Lab {lab.Name} has no client.");
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (most > TimeSpan.Zero)
            time.CancelAfter(most);
        var arguments = await ArgumentsAsync(rate, targets, cancellation);
        var lines = Channel.CreateBounded<string>(1000);
        var started = new List<Process>();
        try
        {
            foreach (var client in clients)
                started.Add(Start(client, arguments));
            var reading = Task.WhenAll(started.Select(process => ReadAsync(process, lines.Writer, time.Token)));
            var showing = ShowAsync(lines.Reader, clients.Length, asJson, output);
            await reading;
            lines.Writer.Complete();
            await showing;
        }
        finally
        {
            foreach (var process in started)
                await EndAsync(process);
        }
    }

    private async Task<string[]> ArgumentsAsync(double rate, IReadOnlyList<IPEndPoint> targets, CancellationToken cancellation)
    {
        var status = await StatusReading.ReadAsync(lab, cancellation);
        var vips = targets.Count > 0
            ? targets
            : [.. status.Services.SelectMany(service => service.Vips.Select(vip => new IPEndPoint(IPAddress.Parse(vip), service.Port)))];
        return
        [
            "--host", FleetConf.ServiceHost,
            "--rate", rate.ToString(System.Globalization.CultureInfo.InvariantCulture),
            .. vips.SelectMany(vip => new[] { "--vip", vip.ToString() }),
            .. targets.Count > 0 ? [] : status.Dns.SelectMany(server => new[] { "--dns", server }),
        ];
    }

    private Process Start(LabHost client, string[] arguments)
    {
        var start = lab.CommandIn(client.Name, Programs.Lab, ["client", "--name", client.Name, .. arguments]);
        start.RedirectStandardOutput = true;
        return Process.Start(start)!;
    }

    private static async Task ReadAsync(Process process, ChannelWriter<string> lines, CancellationToken cancellation)
    {
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
                await lines.WriteAsync(line, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The time is up.
        }
    }

    private static async Task ShowAsync(ChannelReader<string> lines, int clients, bool asJson, TextWriter output)
    {
        var shown = 0;
        await foreach (var line in lines.ReadAllAsync())
        {
            if (asJson)
            {
                await output.WriteLineAsync(line);
            }
            else if (TrafficWindow.Read(line) is { } window)
            {
                if (shown++ % (10 * clients) == 0)
                    await output.WriteLineAsync(TrafficWindow.Header);
                await output.WriteLineAsync(window.ToString());
            }

            await output.FlushAsync();
        }
    }

    private static async Task EndAsync(Process process)
    {
        using var mine = process;
        if (process.HasExited)
            return;
        ChildProcess.Send(process.Id, Signal.Kill);
        await process.WaitForExitAsync();
    }
}
