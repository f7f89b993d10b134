using Xunit.Abstractions;
using Xunit.Sdk;

namespace Fleet.Testing.Contracts;

/// <summary>Finds the facts of a contract suite. The test framework makes it, by its name.</summary>
public sealed class ContractFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    private readonly IMessageSink _sink = sink;

    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        SkippedCase.Of(_sink, testMethod) ?? base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}
