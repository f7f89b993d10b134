using System.Collections.Immutable;

namespace Fleet.Lab.Failures;

/// <summary>What has been made to fail in a lab and is not mended: a line each, with the host or rack that healing is asked for before it.</summary>
internal sealed class FailureList(string file)
{
    /// <summary>Before what only healing everything mends: wires.</summary>
    private const string Everything = "*";

    private const char Tab = '\t';

    public ImmutableArray<string> Sentences => [.. Lines().Select(line => line[(line.IndexOf(Tab) + 1)..])];

    public void Add(Failure failure, IEnumerable<string> sentences)
    {
        var place = failure.Kind is FailureKind.Delay or FailureKind.Loss or FailureKind.Cut ? Everything : failure.Place;
        File.AppendAllLines(file, sentences.Select(sentence => $"{place}{Tab}{sentence}"));
    }

    /// <param name="place">Null is everything.</param>
    public void Remove(string? place)
    {
        var left = Lines().Where(line => place is not null && !line.StartsWith($"{place}{Tab}", StringComparison.Ordinal)).ToArray();
        if (left.Length > 0)
            File.WriteAllLines(file, left);
        else
            File.Delete(file);
    }

    private string[] Lines() => File.Exists(file) ? File.ReadAllLines(file) : [];
}
