using System.Collections.Immutable;
using System.Globalization;

namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>The answer of HAProxy's master to <c>show proc</c> (management.txt, section 9.4).</summary>
/// <param name="Worker">The process that carries new connections; null while there is none.</param>
/// <param name="OldWorkers">Processes of before a reload, which carry connections that they had then.</param>
/// <param name="Reloads">How often it was told to load its configuration anew.</param>
/// <param name="FailedReloads">How many of the latest of these failed in a row, in which case the worker of before goes on.</param>
internal sealed record ProcessTable(int Master, int? Worker, ImmutableArray<int> OldWorkers, int Reloads, int FailedReloads)
{
    public IEnumerable<int> Workers => Worker is { } worker ? OldWorkers.Append(worker) : OldWorkers;

    /// <summary>Null where the answer names no master.</summary>
    public static ProcessTable? TryRead(string answer)
    {
        var old = false;
        var workers = new List<int>();
        var oldWorkers = ImmutableArray.CreateBuilder<int>();
        (int Pid, int Reloads, int Failed)? master = null;
        foreach (var line in answer.Split('\n'))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
                old = line == "# old workers";
            var words = line.Split([' ', '\t', '[', ']', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 3 || !TryNumber(words[0], out var pid) || !TryNumber(words[2], out var reloads))
                continue;
            if (words[1] == "master")
                master = (pid, reloads, words.Length > 4 && words[3] == "failed" && TryNumber(words[4], out var failed) ? failed : 0);
            else if (words[1] == "worker" && old)
                oldWorkers.Add(pid);
            else if (words[1] == "worker")
                workers.Add(pid);
        }

        return master is { } found
            ? new ProcessTable(found.Pid, workers.Count > 0 ? workers[0] : null, oldWorkers.ToImmutable(), found.Reloads, found.Failed)
            : null;
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
