namespace Fleet.Tidy.Tests;

/// <summary>A circle is seen however it is closed, and is printed with the files that close it.</summary>
public sealed class FolderCirclesTests
{
    [Fact]
    public void No_folder_uses_itself_by_way_of_others()
    {
        var circles = FolderCircles.Find(House.Sources.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal))).ToArray();
        circles.ShouldBeEmpty(string.Join('\n', circles));
    }

    [Fact]
    public void Imports_close_a_circle() => FolderCircles.Find(
        [
            new HouseFile("src/Fleet.X/A/One.cs", "using Fleet.X.B;\nnamespace Fleet.X.A;\nclass One;"),
            new HouseFile("src/Fleet.X/B/Two.cs", "using Fleet.X.C;\nnamespace Fleet.X.B;\nclass Two;"),
            new HouseFile("src/Fleet.X/C/Three.cs", "using Fleet.X.A;\nnamespace Fleet.X.C;\nclass Three;"),
        ])
        .ShouldBe(["src/Fleet.X/A/One.cs uses src/Fleet.X/B, src/Fleet.X/B/Two.cs uses src/Fleet.X/C, src/Fleet.X/C/Three.cs uses src/Fleet.X/A"]);

    [Fact]
    public void A_folder_above_needs_no_import() => FolderCircles.Find(
        [
            new HouseFile("src/Fleet.X/A/One.cs", "using Fleet.X.A.B;\nnamespace Fleet.X.A;\nclass One;"),
            new HouseFile("src/Fleet.X/A/B/Two.cs", "namespace Fleet.X.A.B;\nclass Two(One one);"),
        ])
        .Count().ShouldBe(1);

    [Fact]
    public void A_name_with_its_folder_needs_no_import() => FolderCircles.Find(
        [
            new HouseFile("src/Fleet.X/A/One.cs", "namespace Fleet.X.A;\nclass One(B.Two two);"),
            new HouseFile("src/Fleet.X/B/Two.cs", "using Fleet.X.A;\nnamespace Fleet.X.B;\nclass Two;"),
        ])
        .Count().ShouldBe(1);

    [Fact]
    public void What_goes_one_way_is_no_circle() => FolderCircles.Find(
        [
            new HouseFile("src/Fleet.X/A/One.cs", "using Fleet.X.B;\nnamespace Fleet.X.A;\nclass One; // Two of B"),
            new HouseFile("src/Fleet.X/B/Two.cs", "namespace Fleet.X.B;\nclass Two;"),
            new HouseFile("src/Fleet.Y/B/Three.cs", "using Fleet.X.A;\nnamespace Fleet.Y.B;\nclass Three;"),
        ])
        .ShouldBeEmpty();
}
