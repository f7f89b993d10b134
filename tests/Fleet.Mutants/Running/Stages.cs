using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Running;

/// <summary>By what a mutant is to be caught, in this order.</summary>
public enum Stage
{
    /// <summary>The tests that the catalogue names.</summary>
    Named,

    /// <summary>Seeds and stories.</summary>
    Simulation,

    /// <summary>All unit tests of the project that it is in, and of those that a change there may break.</summary>
    Suites,
}

/// <summary>Which runs there are for a mutant.</summary>
/// <param name="Wanted">The others are left out.</param>
/// <param name="Seeds">The simulation plays so many.</param>
/// <param name="Cores">For each run.</param>
public sealed record Stages(Checkout Checkout, IReadOnlySet<Stage> Wanted, int Seeds, int Cores)
{
    private static readonly TimeSpan NamedLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SuiteLimit = TimeSpan.FromMinutes(10);

    private readonly ILookup<string, string> _projects = Directory.EnumerateDirectories(Checkout.At("tests"))
        .SelectMany(folder =>
            Directory
                .EnumerateFiles(folder, "*Tests.cs", SearchOption.AllDirectories)
                .Select(file => (Class: Path.GetFileNameWithoutExtension(file), Project: Path.GetFileName(folder))))
        .ToLookup(test => test.Class, test => test.Project);

    public IEnumerable<(Stage Stage, TestRun Run)> ForMutant(Mutant mutant)
    {
        if (Wanted.Contains(Stage.Named))
        {
            foreach (var named in mutant.Tests.GroupBy(test => ProjectOf(test, mutant)))
                yield return (Stage.Named, Named(named.Key, [.. named]));
        }

        if (Wanted.Contains(Stage.Simulation))
            yield return (Stage.Simulation, SimulationRun.Create(Seeds, Cores));
        if (Wanted.Contains(Stage.Suites))
        {
            foreach (var project in Suites(mutant.Project))
                yield return (Stage.Suites, new TestRun(project, [], SuiteLimit));
        }
    }

    public TestRun Named(string project, IReadOnlyList<string> tests) => new(project, tests, NamedLimit);

    /// <summary>A class of tests stands in a file of its name. Of several of one name it is the one beside the mutant's project.</summary>
    private string ProjectOf(string test, Mutant mutant)
    {
        string[] there = [.. _projects[test.Split('.')[0]]];
        return there switch
        {
            [var only] => only,
            [] => throw new MutantsException($"There are no tests {test}: no file {test.Split('.')[0]}.cs in tests."),
            _ => Array.Find(there, project => project == $"{mutant.Project}.Tests")
                ?? throw new MutantsException($"{mutant.Origin}: {test} may be of {string.Join(" or ", there.Order(StringComparer.Ordinal))}."),
        };
    }

    private static string[] Suites(string project) => project switch
    {
        "Fleet.Shared" => ["Fleet.Shared.Tests", "Fleet.Coordinator.Tests", "Fleet.Node.Tests"],
        "Fleet.Http" => ["Fleet.Coordinator.Tests"],
        _ => [$"{project}.Tests"],
    };
}
