namespace Fleet.Mutants.Weaving;

/// <summary>All mutants there are, in the order of their files; a mutant's number is its place.</summary>
public sealed class Catalogue
{
    private readonly Dictionary<string, int> _numbers;

    private Catalogue(IReadOnlyList<Mutant> mutants)
    {
        Mutants = mutants;
        if (mutants.CountBy(mutant => mutant.Id).FirstOrDefault(id => id.Value > 1) is { Key: { } twice })
            throw new MutantsException(
                $"{string.Join(" and ", mutants.Where(mutant => mutant.Id == twice).Select(mutant => mutant.Origin))}: {twice} twice.");
        _numbers = mutants.Select((mutant, i) => (mutant.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i + 1);
    }

    public IReadOnlyList<Mutant> Mutants { get; }

    public int NumberOf(Mutant mutant) => _numbers[mutant.Id];

    public static Catalogue Read(Checkout checkout) => new(
        [
            .. Directory
                .EnumerateFiles(checkout.Catalogue, "*.mutant")
                .Order(StringComparer.Ordinal)
                .SelectMany(file => CatalogueText.Read(Path.GetFileName(file), File.ReadAllText(file))),
        ]);

    /// <summary>Those that are asked for by id, by the beginning of ids, or by subject; all where nobody asks.</summary>
    /// <exception cref="MutantsException">There is no such mutant.</exception>
    public IReadOnlyList<Mutant> Chosen(IReadOnlyList<string> only)
    {
        if (only.FirstOrDefault(word => !Mutants.Any(mutant => IsMeant(mutant, word))) is { } nothing)
            throw new MutantsException($"There is no mutant {nothing}; --list shows them all.");
        return only.Count == 0 ? Mutants : [.. Mutants.Where(mutant => only.Any(word => IsMeant(mutant, word)))];
    }

    /// <summary>Every file that has mutants, with them in it.</summary>
    /// <exception cref="MutantsException">Entries do not fit the sources any more: all of them at once.</exception>
    public IReadOnlyDictionary<string, string> Woven(Checkout checkout)
    {
        var woven = new Dictionary<string, string>();
        var mistakes = new List<string>();
        foreach (var file in Mutants.GroupBy(mutant => mutant.File))
        {
            try
            {
                woven[file.Key] = Weave.Into(
                    TextOf(checkout, file.First()), [.. file], mutant => $"global::Fleet.Mutation.Switch.IsOn({NumberOf(mutant)})");
            }
            catch (MutantsException e)
            {
                mistakes.Add(e.Message);
            }
        }

        return mistakes.Count == 0 ? woven : throw new MutantsException(string.Join('\n', mistakes));
    }

    private static bool IsMeant(Mutant mutant, string word) => mutant.Subject == word || mutant.Id.StartsWith(word, StringComparison.Ordinal);

    private static string TextOf(Checkout checkout, Mutant mutant) => File.Exists(checkout.At(mutant.File))
        ? File.ReadAllText(checkout.At(mutant.File))
        : throw new MutantsException($"{mutant.Origin}: {mutant.Id}: there is no {mutant.File}.");
}
