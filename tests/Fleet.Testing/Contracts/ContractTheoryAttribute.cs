using Xunit.Sdk;

namespace Fleet.Testing.Contracts;

/// <inheritdoc cref="ContractFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Fleet.Testing.Contracts.ContractTheoryDiscoverer", "Fleet.Testing")]
public sealed class ContractTheoryAttribute : Xunit.TheoryAttribute;
