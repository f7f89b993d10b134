using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fleet.Demo.Processes;
using Fleet.Lab.Labs;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Tests.Live;

/// <summary>Tests that build labs take turns: each has a machine's worth of processes.</summary>
[CollectionDefinition(Name)]
public sealed class LiveLabs
{
    public const string Name = "labs";
}

/// <summary>What tests do with labs.</summary>
internal static class LiveLab
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AttemptMax = TimeSpan.FromSeconds(2);
    private static int _taken;

    /// <summary>A name that no other lab of this machine has.</summary>
    public static string NewName() => $"t{Environment.ProcessId % 1_000_000}{(char)('a' + (Interlocked.Increment(ref _taken) % 26))}";

    public static Task<NetworkLab> UpAsync(string example, LabWishes wishes, ExampleSize? size = null, Func<LabTopology, LabTopology>? with = null)
    {
        var topology = Examples.Find(example, NewName(), size ?? new ExampleSize(1, 2, 1, 1))!;
        return NetworkLab.UpAsync(with?.Invoke(topology) ?? topology, wishes, new CancellationTokenSource(Patience).Token);
    }

    /// <summary>The lab's command line, to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> CommandAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await errors);
    }

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Programs.Lab, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>How long a connection from a host to an address took; null when there was none within two seconds.</summary>
    public static async Task<TimeSpan?> ConnectAsync(NetworkLab lab, string host, IPEndPoint there)
    {
        using var socket = NamespaceSockets.Create(lab.NamespaceOf(host), there.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(AttemptMax);
        var since = Stopwatch.GetTimestamp();
        try
        {
            await socket.ConnectAsync(there, patience.Token);
            return Stopwatch.GetElapsedTime(since);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Waits until something is so, at most a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSoAsync, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isSoAsync())
        {
            (Stopwatch.GetElapsedTime(since) < Patience).ShouldBeTrue($"Waited a minute for {what}.");
            await Task.Delay(20);
        }
    }

    /// <summary>Where a host of a lab answers: its IPv4 address, or its IPv6 one.</summary>
    public static IPEndPoint At(NetworkLab lab, string host, int port = AddressPlan.ServicePort, bool v6 = false) =>
        new(lab.Plan.Service(lab.Topology.Find(host)!)[v6 ? 1 : 0].Address, port);
}
