namespace Fleet.Tidy.Tests;

public sealed class PublicTypesTests
{
    private const string ListPath = "src/PUBLIC.txt";

    /// <summary>
    /// A type becomes public when another program needs it, and then its line is looked at like any promise. <c>FLEET_REWRITE_GOLDEN=1</c> writes the
    /// list anew.
    /// </summary>
    [Fact]
    public void What_is_public_is_on_the_list()
    {
        var found = House.Sources.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal)).SelectMany(PublicTypes.In)
            .Order(StringComparer.Ordinal).ToArray();
        if (Environment.GetEnvironmentVariable("FLEET_REWRITE_GOLDEN") == "1")
            File.WriteAllLines(Path.Combine(House.Root, ListPath), found);
        var listed = File.ReadAllLines(Path.Combine(House.Root, ListPath));
        found.Except(listed).ShouldBeEmpty($"Public, and not in {ListPath}: make it internal, or list it if another program needs it.");
        listed.Except(found).ShouldBeEmpty($"In {ListPath}, and not public any more.");
    }

    [Theory]
    [InlineData("public sealed record A(int B);", "N.A")]
    [InlineData("public readonly partial record struct A<T>(T B)", "N.A")]
    [InlineData("public delegate IEnumerable<int?> A(int b);", "N.A")]
    [InlineData("public static partial class A", "N.A")]
    [InlineData("internal sealed class A", null)]
    [InlineData("public enum A", "N.A")]
    [InlineData("sealed class B\n{\n    public interface A\n    {\n    }\n}", null)]
    [InlineData("// public class A", null)]
    public void Public_types_are_those_that_stand_in_no_other(string code, string? found) =>
        PublicTypes.In(new HouseFile("src/Fleet.Node/A.cs", $"namespace N;\n\n{code}\n")).ShouldBe(found is null ? [] : [found]);
}
