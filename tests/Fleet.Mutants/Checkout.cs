namespace Fleet.Mutants;

/// <summary>Where things are, from the folder that holds <c>Fleet.sln</c>.</summary>
public sealed record Checkout(string Root)
{
    public string Catalogue => Path.Combine(Root, "tests", "Fleet.Mutants", "catalogue");

    /// <summary>Everything that a run makes.</summary>
    public string Work => Path.Combine(Root, "artifacts", "mutants");

    /// <summary>The copy of the checkout that has the mutants in it.</summary>
    public Checkout Woven => new(Path.Combine(Work, "tree"));

    public string Logs => Path.Combine(Work, "logs");

    public string Testing => Path.Combine(Root, "docs", "TESTING.md");

    /// <summary>The folder that the project is built to, in Release.</summary>
    public string Built(string project) => Path.Combine(Root, "artifacts", "bin", project, "release");

    public string At(string path) => Path.Combine(Root, path);

    public static Checkout Here()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
                return new Checkout(folder.FullName);
        }

        throw new MutantsException("Fleet.sln is not above this program.");
    }
}

/// <summary>The run cannot go on; the message says why.</summary>
public sealed class MutantsException(string message) : Exception(message);
