using Fleet.Demo.Processes;
using Fleet.Lab.Labs;
using Fleet.Lab.Processes;
using Fleet.Lab.Wires;

namespace Fleet.Lab.Failures;

/// <summary>Does to a lab what a plan says.</summary>
internal static class FailureRun
{
    /// <summary>The process that the lab itself has started on a host, by what people call it: not those that it started in turn.</summary>
    private static readonly string[] Started = ["agent", "coordinator", "backend"];

    /// <exception cref="LabException">It is refused; nothing was done.</exception>
    public static async Task<IReadOnlyList<string>> FailAsync(NetworkLab lab, Failure failure, CancellationToken cancellation)
    {
        var (actions, refusal) = FailurePlan.Of(failure, lab.Topology);
        if (refusal is not null)
            throw new LabException($"Nothing was done: {refusal}.");
        var done = await RunAsync(lab, actions, cancellation);
        new FailureList(lab.Folder.Failures).Add(failure, done);
        return done;
    }

    /// <param name="place">A host, or a rack; null is everything.</param>
    /// <exception cref="LabException">It is refused; nothing was done.</exception>
    public static async Task<IReadOnlyList<string>> HealAsync(NetworkLab lab, string? place, CancellationToken cancellation)
    {
        var (actions, refusal) = FailurePlan.Heal(place, lab.Topology);
        if (refusal is not null)
            throw new LabException($"Nothing was done: {refusal}.");
        var done = await RunAsync(lab, actions, cancellation);
        new FailureList(lab.Folder.Failures).Remove(place);
        return done;
    }

    /// <summary>What was done, in words.</summary>
    private static async Task<IReadOnlyList<string>> RunAsync(NetworkLab lab, IEnumerable<LabAction> actions, CancellationToken cancellation)
    {
        var said = new List<string>();
        foreach (var action in actions)
        {
            switch (action)
            {
                case LabAction.SetPort port:
                    await lab.IpAsync(port.Place, $"link set dev {port.Port} {(port.IsUp ? "up" : "down")}", cancellation);
                    break;
                case LabAction.SignalHost signal:
                    said.Add($"{action}: {await SignalAsync(lab, signal, cancellation)} processes");
                    continue;
                case LabAction.SetWire wire:
                    await lab.SetWireAsync(lab.ReadWire().With(wire.Wire, lab.Topology), cancellation);
                    break;
                case LabAction.ResetWires:
                    await lab.SetWireAsync(WireRules.Of(lab.Topology), cancellation);
                    break;
                case LabAction.Restart restart:
                    if (lab.Restart([restart.Host]) is { Count: > 0 } started)
                        said.Add($"{string.Join(", ", started)} started again");
                    continue;
                default:
                    throw new System.Diagnostics.UnreachableException(action.ToString());
            }

            said.Add(action.ToString());
        }

        return said;
    }

    /// <summary>How many were signalled. Those that are killed are gone when this returns, so that what is said next is so.</summary>
    /// <exception cref="LabException">None is called so.</exception>
    private static async Task<int> SignalAsync(NetworkLab lab, LabAction.SignalHost action, CancellationToken cancellation)
    {
        var all = (await lab.LivingAsync([action.Host], cancellation))[action.Host].ToArray();
        var chosen = all.Where(process => action.Only is null || IsCalled(process, action, lab)).ToArray();
        if (chosen.Length == 0 && action.Only is not null)
        {
            var others = string.Join(", ", all.Select(each => each.Name).Append("nothing else"));
            throw new LabException($"No process on {action.Host} is called {action.Only}; there is {others}.");
        }

        foreach (var process in chosen)
            NamespaceProcesses.Send(process.Id, action.Signal);
        while (action.Signal == Signal.Kill && chosen.Any(process => ProcStat.Of(process.Id.Pid) is { IsAlive: true } now && now.Id == process.Id))
            await Task.Delay(1, cancellation);
        return chosen.Length;
    }

    /// <summary>The kernel keeps 15 characters of a program's name.</summary>
    private static bool IsCalled(ProcStat process, LabAction.SignalHost action, NetworkLab lab) => Started.Contains(action.Only)
        ? lab.Processes.Find(action.Host)?.Id == process.Id
        : process.Name == action.Only![..Math.Min(15, action.Only!.Length)];
}
