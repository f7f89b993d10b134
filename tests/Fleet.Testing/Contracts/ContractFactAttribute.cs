using Xunit.Sdk;

namespace Fleet.Testing.Contracts;

/// <summary>A fact of a contract suite, which is skipped in suites that lack what they need (<see cref="NeedsAttribute"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Fleet.Testing.Contracts.ContractFactDiscoverer", "Fleet.Testing")]
public sealed class ContractFactAttribute : Xunit.FactAttribute;
