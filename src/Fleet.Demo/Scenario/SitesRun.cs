using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Demo.Scenario;

/// <summary>The scripted demo of two sites: queries are sent on behalf of clients of each, one site is stopped, and comes back.</summary>
internal sealed class SitesRun(FleetProcesses fleet, TextWriter progress)
{
    private const int Queries = 1000;
    private const int StaleMaxMs = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan HoldDown = TimeSpan.FromSeconds(FleetPlan.HoldDownSeconds);

    private readonly MonotonicClock _clock = MonotonicClock.System;

    public async Task<SitesReport> RunAsync(CancellationToken cancellation)
    {
        await progress.WriteLineAsync("Starting the fleet of two sites ...");
        await fleet.StartAsync(cancellation);
        var map = await fleet.Api.UntilAsync(m => FleetApi.IsSettled(m, fleet.Nodes.Count), Patience, "the fleet to form", cancellation);
        await progress.WriteLineAsync($"{map.Vips.Count} VIPs are served. Asking for clients of both sites ...");
        var wrong = await WrongSiteAsync(cancellation);

        await progress.WriteLineAsync("Stopping every process of dc1 ...");
        var site = await fleet.ProcessesOfSiteAsync(1, cancellation);
        var stoppedAt = _clock.Now;
        Send(site, Signal.Stop);
        var stale = await LastAnswerOfAsync(1, TimeSpan.FromSeconds(4), cancellation);

        await progress.WriteLineAsync("Letting dc1 go on ...");
        var continuedAt = _clock.Now;
        Send(site, Signal.Continue);
        var back = await FirstAnswerOfAsync(1, HoldDown + Patience, cancellation);
        await fleet.Api.UntilAsync(m => m.Sites.Values.All(site => !site.HeldDown), Patience, "dc1 to be answered by all", cancellation);
        var after = await WrongSiteAsync(cancellation);
        return SitesReport.Evaluate(new SitesReport
        {
            Nodes = fleet.Nodes.Count,
            Vips = map.Vips.Count,
            Queries = 2 * Queries,
            WrongSite = wrong + after,
            MovedMs = Math.Max(0, Math.Round((stale - stoppedAt).TotalMilliseconds, 1)),
            MovedMaxMs = StaleMaxMs,
            BackMs = Math.Round((back - continuedAt).TotalMilliseconds, 1),
            HoldDownMs = HoldDown.TotalMilliseconds,
            Shortcomings = [],
        });
    }

    /// <summary>Asks every node on behalf of clients of each site in turn. Returns how many answers named a VIP of the other site, or none.</summary>
    private async Task<int> WrongSiteAsync(CancellationToken cancellation)
    {
        var wrong = 0;
        var servers = fleet.DnsServers.ToArray();
        for (var i = 0; i < Queries; i++)
        {
            var site = 1 + (i % 2);
            var answer = await Resolver.AskAsync(servers[i / 2 % servers.Length], FleetPlan.ServiceHost, cancellation, Client(site, i % 250));
            if (answer is null or { Count: 0 } || answer.Any(vip => FleetNetwork.SiteOf(vip) != site))
                wrong++;
        }

        return wrong;
    }

    /// <summary>
    /// When the last question was sent, within that time, that a node of dc2 answered to a client of that site with VIPs of that site.
    /// </summary>
    private async Task<Instant> LastAnswerOfAsync(int site, TimeSpan time, CancellationToken cancellation)
    {
        var (last, until) = (_clock.Now, _clock.Now + time);
        while (_clock.Now < until)
        {
            foreach (var sent in await AskSecondSiteAsync(site, cancellation))
                last = Instant.Max(last, sent);
            await Task.Delay(Period, cancellation);
        }

        return last;
    }

    private async Task<Instant> FirstAnswerOfAsync(int site, TimeSpan patience, CancellationToken cancellation)
    {
        for (var until = _clock.Now + patience; _clock.Now < until;)
        {
            if (await AskSecondSiteAsync(site, cancellation) is [var sent, ..])
                return sent;
            await Task.Delay(Period, cancellation);
        }

        throw new TimeoutException($"Waited {patience.TotalSeconds:0} s for dc{site} to be answered again.");
    }

    /// <summary>The moments of questions to the nodes of dc2 that were answered with VIPs of that site.</summary>
    private async Task<List<Instant>> AskSecondSiteAsync(int site, CancellationToken cancellation)
    {
        var answered = new List<Instant>();
        foreach (var node in fleet.Nodes.Values.Where(node => node.Number % 2 == 0))
        {
            var sent = _clock.Now;
            if (await Resolver.AskAsync(node.Dns, FleetPlan.ServiceHost, cancellation, Client(site, 1)) is { } answer
                && answer.Any(vip => FleetNetwork.SiteOf(vip) == site))
                answered.Add(sent);
        }

        return answered;
    }

    private static void Send(ImmutableArray<int> processes, Signal signal)
    {
        foreach (var process in processes)
            ChildProcess.Send(process, signal);
    }

    private static ClientSubnet Client(int site, int network) => ClientSubnet.Truncate(new IPAddress([10, (byte)site, (byte)network, 0]), 24);
}

/// <summary>What <c>./fleet demo --two-sites --once --json</c> prints.</summary>
internal sealed record SitesReport
{
    public required int Nodes { get; init; }

    public required int Vips { get; init; }

    /// <summary>Questions on behalf of clients of either site while both were well.</summary>
    public required int Queries { get; init; }

    /// <summary>How many of these were answered with a VIP of the other site, or not at all.</summary>
    public required int WrongSite { get; init; }

    /// <summary>From stopping dc1 to the last answer by a node of dc2 that named a VIP of dc1.</summary>
    public required double MovedMs { get; init; }

    public required double MovedMaxMs { get; init; }

    /// <summary>From letting dc1 go on to the first answer that named a VIP of it again.</summary>
    public required double BackMs { get; init; }

    public required double HoldDownMs { get; init; }

    /// <summary>Why the sites do not count as having done what was promised; empty when they do.</summary>
    public required IReadOnlyList<string> Shortcomings { get; init; }

    public static SitesReport Evaluate(SitesReport report) => report with { Shortcomings = [.. Judged(report)] };

    public string ToJson() => JsonSerializer.Serialize(this, SitesJson.Default.SitesReport);

    private static IEnumerable<string> Judged(SitesReport report)
    {
        if (report.WrongSite > 0)
            yield return $"{report.WrongSite} of {report.Queries} answers were not of the client's own site";
        if (report.MovedMs > report.MovedMaxMs)
            yield return $"dc1 was answered for {report.MovedMs} ms after it had stopped, allowed are {report.MovedMaxMs}";
        if (report.BackMs < report.HoldDownMs)
            yield return $"dc1 was answered again after {report.BackMs} ms, before the hold-down of {report.HoldDownMs}";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(SitesReport))]
internal sealed partial class SitesJson : JsonSerializerContext;
