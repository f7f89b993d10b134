using Fleet.Shared.Hocon;

namespace Fleet.Shared.Tests.Hocon;

/// <summary>Mistakes/NAME.conf must bring the messages of Mistakes/NAME.txt, all of them and no other.</summary>
public sealed class HoconErrorTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(TestFiles.Folder("Mistakes"), "*.conf").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Mistakes_are_located_and_explained(string file)
    {
        var path = Path.Combine(TestFiles.Folder("Mistakes"), file);
        Messages(File.ReadAllText(path)).ShouldBe(File.ReadAllLines(Path.ChangeExtension(path, ".txt")));
    }

    [Fact]
    public void Include_cycle_is_a_mistake() =>
        Messages("include \"b\"", ("b.conf", "x { include \"sub/c.conf\" }"), ("sub/c.conf", "include \"../b.conf\"")).ShouldBe(
            ["sub/c.conf:1: x: found the include cycle b.conf -> sub/c.conf -> b.conf, allowed: files that do not include themselves"]);

    [Fact]
    public void File_that_includes_itself_is_a_mistake() =>
        Messages("include \"a.conf\"").ShouldBe(
            ["a.conf:1: found the include cycle a.conf -> a.conf, allowed: files that do not include themselves"]);

    [Fact]
    public void Required_file_must_exist() =>
        Messages("a {\n include required(\"no\") }\ninclude required(file(\"x/no.conf\"))").ShouldBe([
            "a.conf:2: a: found no file no.properties or no.json or no.conf, allowed: a file that exists, or include without required()",
            "a.conf:3: found no file x/no.conf, allowed: a file that exists, or include without required()"]);

    [Fact]
    public void Included_file_must_be_readable_and_hold_an_object() =>
        Messages("include \"b.conf\"\ninclude \"c.conf\"", ("b.conf", "[1]"), ("c.conf", "unreadable")).ShouldBe([
            "a.conf:1: found b.conf with an array at its root, allowed: a file with an object at its root",
            "a.conf:2: found c.conf: bytes that are not UTF-8, allowed: a readable file of UTF-8 text"]);

    [Fact]
    public void Mistake_in_an_included_file_names_that_file_and_the_full_path() =>
        Messages("a { include \"b.conf\" }", ("b.conf", "x = 1\ny { z = ${nope} }"))
            .ShouldHaveSingleItem()
            .ShouldStartWith("b.conf:2: a.y.z: found ${nope}, which leads to no value");

    [Fact]
    public void Substitution_in_a_file_inside_an_array_is_a_mistake() =>
        Messages("l = [{ include \"b.conf\" }]", ("b.conf", "x = 1\ny = ${x}")).ShouldHaveSingleItem()
            .ShouldBe("b.conf:2: l.y: found a substitution in a file that is included inside an array, allowed: an include outside arrays");

    [Fact]
    public void Named_file_must_exist()
    {
        var errors = new List<ConfigError>();
        new HoconDocument(new SourcesInMemory(), errors).File("no.conf").Resolve(SourcesInMemory.NoEnvironment);
        errors.ShouldHaveSingleItem().ToString().ShouldBe("no.conf: found no such file, allowed: an existing file");
    }

    [Fact]
    public void Values_know_where_they_were_written()
    {
        var errors = new List<ConfigError>();
        var files = new SourcesInMemory(("a.conf", "x = 1\ninclude \"b.conf\"\ny = ${b.z}"), ("b.conf", "\nb { z = 2 }"));
        var root = new HoconDocument(files, errors).File("a.conf").ResolveObject(SourcesInMemory.NoEnvironment);

        root["x"]!.Origin.ToString().ShouldBe("a.conf:1");
        root.At("b", "z")!.Origin.ToString().ShouldBe("b.conf:2");
        root["y"]!.Origin.ToString().ShouldBe("b.conf:2");
    }

    static List<string> Messages(string text, params (string, string)[] files)
    {
        var errors = new List<ConfigError>();
        new HoconDocument(new SourcesInMemory([("a.conf", text), .. files]), errors).File("a.conf").Resolve(SourcesInMemory.NoEnvironment);
        return [.. ConfigError.InOrder(errors).Select(e => e.ToString())];
    }
}
