using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Fleet.Benchmarks.Placement.Exact;

/// <summary>What the solver found out in its time.</summary>
/// <param name="Best">The best solution's objective; null when it has none.</param>
public sealed record Solved(bool IsProven, double? Best)
{
    public bool IsInfeasible => IsProven && Best is null;
}

/// <summary>COIN-OR's mixed-integer solver as a child process (Debian: coinor-cbc).</summary>
public static class Cbc
{
    public static bool IsInstalled
    {
        get
        {
            try
            {
                using var child = Process.Start(new ProcessStartInfo("cbc", ["-quit"]) { UseShellExecute = false, RedirectStandardOutput = true });
                child!.StandardOutput.ReadToEnd();
                child.WaitForExit();
                return true;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>Waits for the solver, which ends by itself when its time is up.</summary>
    /// <param name="gap">How far from the optimum, as a part of it, a solution may be and still be called proven.</param>
    public static Solved Solve(string program, int seconds, double gap)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-bench-");
        try
        {
            var (model, solution) = (Path.Combine(folder.FullName, "model.lp"), Path.Combine(folder.FullName, "solution.txt"));
            File.WriteAllText(model, program);
            string[] arguments = [model, "-sec", $"{seconds}", "-ratio", gap.ToString(CultureInfo.InvariantCulture), "-solve", "-solution", solution];
            using var child = Process.Start(new ProcessStartInfo("cbc", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
            child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            return Read(File.Exists(solution) ? File.ReadLines(solution).First() : "");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// The first line is such as <c>Optimal - objective value 0.3</c>, <c>Infeasible - ...</c> or <c>Stopped on time - ...</c>, with or without a
    /// solution.
    /// </summary>
    private static Solved Read(string verdict)
    {
        if (verdict.Contains("nfeasible", StringComparison.Ordinal))
            return new Solved(true, null);
        if (verdict.Length == 0 || verdict.Contains("no integer solution", StringComparison.Ordinal))
            return new Solved(false, null);
        var value = double.Parse(verdict[(verdict.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        return new Solved(verdict.StartsWith("Optimal", StringComparison.Ordinal), value < 1e40 ? value : null);
    }
}
