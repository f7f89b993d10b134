using Fleet.Shared.Hocon;

namespace Fleet.Shared.Tests.Hocon;

/// <summary>Blanks that no file of this repository may hold, for editors would eat them.</summary>
public sealed class HoconBlankTests
{
    [Theory]
    [InlineData("a = x  ", "x")]
    [InlineData("a =\tx\ty\t", "x\ty")]
    [InlineData("\t a\t = \u00a0x\u00a0 y \u00a0", "x\u00a0 y")]
    [InlineData("a = x \r\n", "x")]
    [InlineData("a = x \t # y", "x")]
    [InlineData("a = \u001c\u000b\u000cx\u001f", "x")]
    [InlineData("\ufeffa = x\ufeff", "x")]
    public void Blanks_around_a_value_are_cut_and_those_inside_are_kept(string text, string value)
    {
        var errors = new List<ConfigError>();
        var root = new HoconDocument(new SourcesInMemory(), errors).Text(text, "a.conf").ResolveObject(SourcesInMemory.NoEnvironment);

        errors.ShouldBeEmpty();
        root["a"].ShouldBeOfType<HoconValue.String>().Text.ShouldBe(value);
    }

    [Fact]
    public void Control_character_in_quotes_is_a_mistake()
    {
        var errors = new List<ConfigError>();
        new HoconDocument(new SourcesInMemory(), errors).Text("a = \"x\ty\"", "a.conf");

        errors
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("a.conf:1: a: found the control character U+0009 in a quoted string, allowed: an escape such as \\t, \\n or \\u0007");
    }
}
