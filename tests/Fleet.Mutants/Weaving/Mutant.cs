namespace Fleet.Mutants.Weaving;

/// <summary>One small break of the product.</summary>
/// <param name="Id">In kebab-case; says what is broken.</param>
/// <param name="Why">What comes of it, in a sentence.</param>
/// <param name="File">From the root, with forward slashes.</param>
/// <param name="Find">A piece of that file that stands there once. Between words, any blanks and line ends are the same.</param>
/// <param name="With">
/// What takes its place, where <c>MUTANT</c> is an expression that is true while this mutant is on. It is the piece itself with something around it
/// or put into it, so that nothing changes while it is off.
/// </param>
/// <param name="Tests">Test classes, or <c>Class.Method</c>, that are expected to catch it.</param>
/// <param name="Origin">The file of the catalogue, and the line, for messages.</param>
public sealed record Mutant(string Id, string Why, string File, string Find, string With, IReadOnlyList<string> Tests, string Origin)
{
    /// <summary>The group of the catalogue it is in.</summary>
    public string Subject => Path.GetFileNameWithoutExtension(Origin.Split(':')[0]);

    /// <summary>The project it is in, such as <c>Fleet.Node</c>.</summary>
    public string Project => File.Split('/')[1];
}
