using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Fleet.Node.Feedback.Reading;

namespace Fleet.Node.Feedback;

/// <summary>One thing that a feedback agent looks at, reported in the words of agents; null while nothing is known.</summary>
internal abstract class LoadSource
{
    /// <summary>Called at equal intervals. The first call may have nothing to compare with.</summary>
    public abstract Task<string?> ReadAsync(TimeSpan step, CancellationToken cancellation);

    /// <summary>A part in the words of agents.</summary>
    protected static string? Words(double? idle) => idle is { } part ? $"{Math.Round(part * 100):0}%" : null;

    /// <summary>The idle part of all processors together.</summary>
    public sealed class Processor : LoadSource
    {
        private (long Idle, long Total)? _last;

        public override async Task<string?> ReadAsync(TimeSpan step, CancellationToken cancellation)
        {
            var (before, now) = (_last, HostLoad.Processor(await File.ReadAllTextAsync("/proc/stat", cancellation)));
            _last = now;
            return Words(HostLoad.IdleBetween(before, now));
        }
    }

    /// <summary>The part of the memory that is available.</summary>
    public sealed class Memory : LoadSource
    {
        public override async Task<string?> ReadAsync(TimeSpan step, CancellationToken cancellation) =>
            Words(HostLoad.Memory(await File.ReadAllTextAsync("/proc/meminfo", cancellation)));
    }

    /// <summary>The idle part of a network interface, in its busier direction.</summary>
    /// <param name="megabits">
    /// What the interface carries per second; null takes what the kernel says, which knows nothing about virtual interfaces.
    /// </param>
    public sealed class Network(string name, long? megabits) : LoadSource
    {
        private (long In, long Out)? _last;

        public override async Task<string?> ReadAsync(TimeSpan step, CancellationToken cancellation)
        {
            var folder = $"/sys/class/net/{name}";
            var now = (In: await NumberAsync($"{folder}/statistics/rx_bytes", cancellation) ?? 0,
                Out: await NumberAsync($"{folder}/statistics/tx_bytes", cancellation) ?? 0);
            var speed = megabits ?? await NumberAsync($"{folder}/speed", cancellation);
            var before = _last;
            _last = now;
            return before is { } old ? Words(HostLoad.Network(Math.Max(now.In - old.In, now.Out - old.Out), step.TotalSeconds, speed)) : null;
        }

        private static async Task<long?> NumberAsync(string path, CancellationToken cancellation)
        {
            try
            {
                return HostLoad.Number(await File.ReadAllTextAsync(path, cancellation));
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// What a command prints, such as <c>42%</c> or <c>drain</c>; a number alone is a percentage. A command that fails or is too slow says nothing.
    /// </summary>
    public sealed class Command(string line) : LoadSource
    {
        public override async Task<string?> ReadAsync(TimeSpan step, CancellationToken cancellation)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(step);
            Process? process = null;
            try
            {
                process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line]) { RedirectStandardOutput = true, UseShellExecute = false });
                var text = await process!.StandardOutput.ReadLineAsync(limit.Token) ?? "";
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0 ? Spelled(text.Trim()) : null;
            }
            catch (Exception e) when (e is Win32Exception or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                process?.Kill(entireProcessTree: true);
                return null;
            }
            finally
            {
                process?.Dispose();
            }
        }

        private static string? Spelled(string text)
        {
            var words = HostLoad.Number(text) is { } number ? $"{Math.Clamp(number, 0, 100)}%" : text;
            return AgentWords.Read(Encoding.UTF8.GetBytes(words)).IsEmpty ? null : words;
        }
    }
}
