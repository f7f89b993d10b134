using System.Text.Json;
using Fleet.Shared.Hocon;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Shared.Tests.Hocon;

public sealed class HoconPropertyTests
{
    static readonly string[] Pieces =
    [
        "a",
        "b",
        "a.b",
        "=",
        ":",
        "+=",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\n",
        " ",
        "${a}",
        "${?b}",
        "${",
        "${?",
        "\"x\"",
        "\"",
        "\"\"\"",
        "include ",
        "\"a.conf\"",
        "file(",
        "required(",
        ")",
        "#",
        "//",
        "1",
        "-1.5e3",
        "true",
        "null",
        "\\",
        "\u0000",
        "\ufeff",
        "\u00a0",
        "$",
        "?",
        "0",
        ".",
        "\ud800",
        "a = ${a}",
        "a += 1\n",
    ];

    /// <summary>Every JSON document is HOCON and means itself (HOCON, "Goals").</summary>
    [Fact]
    public void Json_means_itself() =>
        Prop.ForAll(Json(4).Select(o => JsonSerializer.Serialize(o)).ToArbitrary(), json =>
        {
            var errors = new List<ConfigError>();
            var value = new HoconDocument(new SourcesInMemory(), errors).Text(json, "x.json").Resolve(SourcesInMemory.NoEnvironment);
            using var expected = JsonDocument.Parse(json);
            using var compact = JsonDocument.Parse(HoconJson.Render(value, indented: false));
            using var indented = JsonDocument.Parse(HoconJson.Render(value));
            return errors.Count == 0 && JsonElement.DeepEquals(expected.RootElement, compact.RootElement)
                && JsonElement.DeepEquals(expected.RootElement, indented.RootElement);
        }).QuickCheckThrowOnFailure();

    /// <summary>It ends, without an exception; the file includes itself under one of its words.</summary>
    [Fact]
    public void Hostile_text_brings_messages_and_nothing_worse() =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), Survives)
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Any_characters_bring_messages_and_nothing_worse() =>
        Prop.ForAll<string?>(text => Survives(text ?? "")).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000));

    public static TheoryData<string> Bombs() => new()
    {
        new string('[', 100_000),
        new string('{', 100_000),
        string.Concat(Enumerable.Repeat("a{", 100_000)),
        "a" + string.Concat(Enumerable.Repeat(".a", 100_000)) + " = 1",
        "a0 = [x]\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"a{i} = [${{a{i - 1}}}, ${{a{i - 1}}}]\n")),
        "a0 = xxxxxxxx\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"a{i} = ${{a{i - 1}}}${{a{i - 1}}}\n")),
        "a0 { x = 1 }\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"a{i} = ${{a{i - 1}}} ${{a{i - 1}}}\n")) + "b = ${a60.x}",
        "a0 = [1]\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"a{i} = ${{a{i - 1}}} ${{a{i - 1}}}\n")),
        string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a{i} = ${{a{i + 1}}}\n")) + "a20000 = 1",
        string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a{i} {{ x = ${{a{i + 1}}} }}\n")) + "a20000 = 1",
        "x = " + string.Concat(Enumerable.Repeat("${?a} ", 100_000)),
        string.Concat(Enumerable.Repeat("x = ${?x} 1\n", 5_000)),
        string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i} = ${{q.a{i}}}\nq = ${{p{i}}}\n")),
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Text_made_to_grow_or_nest_without_bound_ends(string bomb) => Survives(bomb).ShouldBeTrue();

    static bool Survives(string text)
    {
        var errors = new List<ConfigError>();
        var value = new HoconDocument(new SourcesInMemory(("a.conf", text)), errors).File("a.conf").Resolve(SourcesInMemory.NoEnvironment);
        return HoconJson.Render(value).Length > 0 && errors.All(e => e.ToString().Length > 0 && e.Allowed.Length > 0);
    }

    static Gen<object?> Json(int depth) => Gen.OneOf(Object(depth), Array(depth));

    static Gen<object?> Value(int depth) => depth == 0 ? Simple() : Gen.Frequency((3, Simple()), (1, Object(depth)), (1, Array(depth)));

    static Gen<object?> Simple() => Gen.OneOf(
        Gen.Constant<object?>(null),
        ArbMap.Default.GeneratorFor<bool>().Select(b => (object?)b),
        ArbMap.Default.GeneratorFor<int>().Select(i => (object?)i),
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(f => (object?)f.Get),
        ArbMap.Default.GeneratorFor<string?>().Select(s => (object?)s),
        Gen.Elements<object?>("include", "${a}", "a.b", "", "\"", "#", "//", "\\", "\u2028", " x "));

    static Gen<object?> Object(int depth) =>
        Gen.Zip(Gen.Elements("a", "b.c", "", "include", "${x}", "#", "1", "a b").ListOf(), Value(depth - 1).ListOf())
            .Select(pair => (object?)pair.Item1.Zip(pair.Item2).DistinctBy(p => p.First).ToDictionary(p => p.First, p => p.Second));

    static Gen<object?> Array(int depth) => Value(depth - 1).ListOf().Select(items => (object?)items.ToArray());
}
