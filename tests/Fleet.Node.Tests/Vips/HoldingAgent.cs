using System.Diagnostics;
using System.Globalization;
using Fleet.Node.Tests.Vips.Networks;
using Fleet.Node.Vips.Linux;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Vips;

/// <summary>An agent that holds VIPs under a lease that it renews by itself, until it is killed. It says each end before it asks for it.</summary>
public static class HoldingAgent
{
    public const string Mode = "hold-vips";

    public static Process Start(NetworkNamespace node, TimeSpan lease, params IEnumerable<VipAddress> vips) => node.Run(() =>
        Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", typeof(HoldingAgent).Assembly.Location, Mode, Lan.Interface, $"{lease.TotalMilliseconds}" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
        }.With(vips)) ?? throw new InvalidOperationException("No process."));

    public static async Task RunAsync(string link, TimeSpan lease, string[] vips)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var holder = LinuxVips.Open(new LinuxVipsOptions { Interface = link }, MonotonicClock.System, NullLogger<LinuxVips>.Instance);
        await using var output = Console.OpenStandardOutput();
        while (!bound.IsCancellationRequested)
        {
            var until = MonotonicClock.System.Now + lease;
            output.Write(System.Text.Encoding.ASCII.GetBytes($"{until.Micros}\n"));
            await holder.HoldAsync([.. vips.Select(VipAddress.Parse)], until, bound.Token);
            await Task.Delay(lease / 4, bound.Token);
        }
    }

    /// <summary>The next end that the agent says.</summary>
    public static async Task<Instant> NextEndAsync(Process agent, CancellationToken cancellation) => new(long.Parse(
        await agent.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("The agent has ended."),
        CultureInfo.InvariantCulture));

    private static ProcessStartInfo With(this ProcessStartInfo start, IEnumerable<VipAddress> vips)
    {
        foreach (var vip in vips)
            start.ArgumentList.Add(vip.ToString());
        return start;
    }
}
