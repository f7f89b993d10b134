using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fleet.Node.Tests.Vips.Networks;

/// <summary>
/// A network of its own (network_namespaces(7)), without a name: it goes with the last thread, socket and file that belongs to it, also when the
/// tests are killed.
/// </summary>
public sealed partial class NetworkNamespace : IDisposable
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET
    private const int CloseOnExecute = 0x80000;
    private readonly SafeFileHandle _handle;

    public NetworkNamespace()
    {
        _handle = InThread(() =>
        {
            if (Unshare(NewNetwork) != 0)
                throw new InvalidOperationException($"no network namespace: {Marshal.GetLastPInvokeErrorMessage()}");
            return new SafeFileHandle(OpenFile("/proc/thread-self/ns/net", CloseOnExecute), ownsHandle: true);
        });
    }

    /// <summary>By what other processes may name it.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_handle.DangerousGetHandle()}";

    /// <summary>Why this process cannot have one; null if it can.</summary>
    public static string? WhyNone()
    {
        try
        {
            using var tried = new NetworkNamespace();
            tried.Ip("link set lo up");
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"{e.Message}; root is needed";
        }
    }

    /// <summary>Does something in there: sockets that it opens and processes that it starts stay there.</summary>
    public T Run<T>(Func<T> what) => InThread(() =>
    {
        if (Enter(_handle, NewNetwork) != 0)
            throw new InvalidOperationException($"the network namespace: {Marshal.GetLastPInvokeErrorMessage()}");
        return what();
    });

    public void Run(Action what) => Run(() =>
    {
        what();
        return true;
    });

    /// <summary>Lines for <c>ip -batch</c>.</summary>
    public void Ip(params string[] lines) => Run("ip", string.Join('\n', lines) + '\n', "-batch", "-");

    /// <summary>Runs a program in there to its end, with that as its input, and returns what it says.</summary>
    public string Run(string program, string input, params string[] arguments) => Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo(SystemProgram.Find(program)!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(30)) || process.ExitCode != 0)
        {
            process.Kill();
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult()}");
        }

        return output;
    });

    public void Dispose() => _handle.Dispose();

    /// <summary>A thread of its own, which ends with what it did: none of the pool may stay in another network.</summary>
    private static T InThread<T>(Func<T> what)
    {
        (T? result, ExceptionDispatchInfo? failure) = (default, null);
        var thread = new Thread(() =>
        {
            try
            {
                result = what();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Enter(SafeFileHandle handle, int type);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);
}
