using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Feedback;

/// <summary><c>fleet-node feedback-agent</c>, for real servers.</summary>
internal static class FeedbackAgentCommand
{
    public static Command Build()
    {
        var listen = new Option<string>("--listen") { Description = "Address and port to answer at.", DefaultValueFactory = _ => "127.0.0.1:9777" };
        var cpu = new Option<bool>("--cpu") { Description = "Look at the processors; what it does where nothing else is asked for." };
        var memory = new Option<bool>("--memory") { Description = "Look at the memory that is available." };
        var nic = new Option<string?>("--nic") { Description = "Look at this network interface." };
        var nicSpeed = new Option<long?>("--nic-mbps") { Description = "What the interface carries, Mbit/s; without it, what the kernel says." };
        var run = new Option<string?>("--command")
        {
            Description = "Run this every half second; it prints a percentage or words such as drain, ready, down, up.",
        };
        var command = new Command(
            "feedback-agent",
            "Answers on a real server with the part of its weight that it can take, such as 75%, the least idle of what it looks at.")
        {
            listen, cpu, memory, nic, nicSpeed, run,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            List<LoadSource> sources = [];
            if (parsed.GetValue(memory))
                sources.Add(new LoadSource.Memory());
            if (parsed.GetValue(nic) is { } name)
                sources.Add(new LoadSource.Network(name, parsed.GetValue(nicSpeed)));
            if (parsed.GetValue(run) is { } line)
                sources.Add(new LoadSource.Command(line));
            if (parsed.GetValue(cpu) || sources.Count == 0)
                sources.Add(new LoadSource.Processor());
            if (!IPEndPoint.TryParse(parsed.GetValue(listen)!, out var at))
                return await FailAsync(2, $"--listen takes an address and a port such as 127.0.0.1:9777, not '{parsed.GetValue(listen)}'");
            return await RunAsync(at, sources, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(IPEndPoint at, List<LoadSource> sources, CancellationToken cancellation)
    {
        try
        {
            await using var agent = new FeedbackAgent(at, sources, TimeProvider.System);
            await Console.Out.WriteLineAsync($"Answering at {agent.Address}.");
            await agent.RunAsync(cancellation);
            return 0;
        }
        catch (SocketException e)
        {
            return await FailAsync(1, $"{at} cannot be had: {e.Message}");
        }
    }

    private static async Task<int> FailAsync(int code, string sentence)
    {
        await Console.Error.WriteLineAsync($"fleet-node feedback-agent: {sentence}");
        return code;
    }
}
