using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Fleet.Mutants.Hosting;

/// <summary>
/// Runs tests of one assembly in this process, by xunit itself and without the seconds that a test platform takes to begin. It stands in the
/// assembly's folder and runs with that assembly's dependencies, so what is being tested finds everything where it always is.
/// </summary>
internal static class Host
{
    /// <summary>How long tests that run beside the one that has failed may take to end.</summary>
    private static readonly TimeSpan EndingMax = TimeSpan.FromSeconds(10);

    /// <summary>Returns 0 where all have passed, 1 where one has failed, 2 where there are none.</summary>
    public static int Run(HostOrder order)
    {
        var name = new AssemblyName(order.Assembly);
        using var framework = new XunitTestFramework(new Deaf());
        using var found = new Finding();
        var options = new Options();
        framework.GetDiscoverer(Reflector.Wrap(Assembly.Load(name))).Find(includeSourceInformation: false, found, options);
        found.Done.Wait();
        var cases = found.Cases.Where(test => order.Wants(SimpleName(test.TestMethod.TestClass.Class.Name), test.TestMethod.Method.Name)).ToArray();
        if (cases.Length == 0)
            return 2;
        using var report = new Reporting(order);
        framework.GetExecutor(name).RunTests(cases, report, options);
        while (!report.Done.Wait(EndingMax) && !report.HasFailed)
        {
        }

        return report.HasFailed ? 1 : 0;
    }

    internal static string SimpleName(string type) => type[(type.LastIndexOfAny(['.', '+']) + 1)..];

    /// <summary>Discovery's sink.</summary>
    private sealed class Finding : IMessageSink, IDisposable
    {
        public List<ITestCase> Cases { get; } = [];

        public ManualResetEventSlim Done { get; } = new();

        public bool OnMessage(IMessageSinkMessage message)
        {
            if (message is ITestCaseDiscoveryMessage discovered)
                Cases.Add(discovered.TestCase);
            else if (message is IDiscoveryCompleteMessage)
                Done.Set();
            return true;
        }

        public void Dispose() => Done.Dispose();
    }

    private sealed class Deaf : IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message) => true;
    }

    /// <summary>xunit's own defaults: what is not set is not there.</summary>
    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = [];

        public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out var value) && value is TValue typed ? typed : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
