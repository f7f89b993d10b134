using System.Globalization;
using Xunit.Abstractions;

namespace Fleet.Mutants.Hosting;

/// <summary>
/// Writes each failure down as it comes, one line each, and at the end how many have passed: a process that dies before leaves what it has told.
/// After the first failure no further test is begun, unless all are wanted.
/// </summary>
internal sealed class Reporting(HostOrder order) : IMessageSink, IDisposable
{
    public const string Failed = "failed";
    public const string Ended = "ended";

    private readonly Lock _lock = new();
    private int _passed;

    public ManualResetEventSlim Done { get; } = new();

    public bool HasFailed { get; private set; }

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestPassed:
                Interlocked.Increment(ref _passed);
                break;
            case ITestFailed failed:
                Fail($"{Host.SimpleName(failed.TestClass.Class.Name)}.{failed.TestMethod.Method.Name}", failed.Messages.FirstOrDefault());
                break;
            case ITestClassCleanupFailure failed:
                Fail($"{Host.SimpleName(failed.TestClass.Class.Name)}", failed.Messages.FirstOrDefault());
                break;
            case IErrorMessage error:
                Fail("xunit", error.Messages.FirstOrDefault());
                break;
            case ITestAssemblyFinished:
                Tell(Ended, _passed.ToString(CultureInfo.InvariantCulture), "");
                Done.Set();
                break;
        }

        return order.IsWhole || !HasFailed;
    }

    public void Dispose() => Done.Dispose();

    private void Fail(string test, string? why)
    {
        Tell(Failed, test, why ?? "");
        HasFailed = true;
    }

    private void Tell(string what, string of, string why)
    {
        lock (_lock)
            File.AppendAllText(order.Report, $"{what}\t{of}\t{why.ReplaceLineEndings(" ")}\n");
    }
}
