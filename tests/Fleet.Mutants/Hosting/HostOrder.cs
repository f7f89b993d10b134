namespace Fleet.Mutants.Hosting;

/// <summary>What a host is to run, as it stands on its command line.</summary>
/// <param name="Assembly">The test assembly's name, without folder and ending.</param>
/// <param name="Report">The file that it tells in what came of it.</param>
/// <param name="Only">Test classes, or <c>Class.Method</c>; all where there are none.</param>
/// <param name="Without">Tests that are left out, as <c>Class.Method</c>.</param>
/// <param name="IsWhole">All tests are run, whatever becomes of the first ones.</param>
public sealed record HostOrder(string Assembly, string Report, IReadOnlyList<string> Only, IReadOnlyList<string> Without, bool IsWhole)
{
    public const string Verb = "host";

    public IEnumerable<string> ToArguments() =>
        [Verb, Assembly, Report, IsWhole ? "whole" : "first", .. Only.Select(test => $"+{test}"), .. Without.Select(test => $"-{test}")];

    public static HostOrder Parse(string[] arguments) => new(
        arguments[1],
        arguments[2],
        [.. arguments.Skip(4).Where(a => a[0] == '+').Select(a => a[1..])],
        [.. arguments.Skip(4).Where(a => a[0] == '-').Select(a => a[1..])],
        arguments[3] == "whole");

    public bool Wants(string type, string method) =>
        !Without.Contains($"{type}.{method}") && (Only.Count == 0 || Only.Contains(type) || Only.Contains($"{type}.{method}"));
}
