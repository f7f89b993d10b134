using System.Globalization;
using Fleet.Mutants.Running;

namespace Fleet.Mutants;

/// <summary>What was asked for on the command line.</summary>
public sealed record Arguments
{
    public const string Usage = """
        ./fleet sim --mutants [--only ID,..] [--list] [--jobs N] [--minutes-max M] [--seeds N] [--with named,simulation,suites] [--write]

        Breaks the safety-critical code in many small ways, one at a time, and says what catches each; docs/TESTING.md says more.

          --only ID,..       these alone; an ID may be the beginning of several, or the subject of a group
          --list             what there is, and nothing is run
          --jobs N           so many at a time; as many as there are cores
          --minutes-max M    what is not done by then is left out, and counts as not caught
          --seeds N          the simulation plays so many seeds
          --with STAGE,..    what is to catch them: named (tests of the catalogue), simulation, suites (all unit tests of the project)
          --write            put what came of those that were tried into the table of docs/TESTING.md
        """;

    public IReadOnlyList<string> Only { get; init; } = [];

    public bool IsList { get; init; }

    public bool IsWrite { get; init; }

    public int Jobs { get; init; } = Environment.ProcessorCount;

    public int Seeds { get; init; } = 30;

    public TimeSpan MinutesMax { get; init; } = TimeSpan.FromHours(4);

    public IReadOnlySet<Stage> Stages { get; init; } = Enum.GetValues<Stage>().ToHashSet();

    /// <exception cref="MutantsException">It makes no sense.</exception>
    public static Arguments Parse(IEnumerable<string> words)
    {
        var left = new Queue<string>(words.Where(word => word != "--mutants"));
        var arguments = new Arguments();
        while (left.TryDequeue(out var word))
        {
            arguments = word switch
            {
                "--list" => arguments with { IsList = true },
                "--write" => arguments with { IsWrite = true },
                "--only" => arguments with { Only = Next(left, word).Split(',', StringSplitOptions.RemoveEmptyEntries) },
                "--jobs" => arguments with { Jobs = Number(left, word) },
                "--seeds" => arguments with { Seeds = Number(left, word) },
                "--minutes-max" => arguments with { MinutesMax = TimeSpan.FromMinutes(Number(left, word)) },
                "--with" => arguments with { Stages = Next(left, word).Split(',').Select(StageOf).ToHashSet() },
                _ => throw new MutantsException($"There is no {word}.\n{Usage}"),
            };
        }

        return arguments;
    }

    private static string Next(Queue<string> left, string option) =>
        left.TryDequeue(out var value) ? value : throw new MutantsException($"{option} wants a value.\n{Usage}");

    private static int Number(Queue<string> left, string option) =>
        int.TryParse(Next(left, option), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new MutantsException($"{option} wants a number above 0.");

    private static Stage StageOf(string word) =>
        Enum.TryParse<Stage>(word, ignoreCase: true, out var stage) ? stage : throw new MutantsException($"There is no stage {word}.\n{Usage}");
}
