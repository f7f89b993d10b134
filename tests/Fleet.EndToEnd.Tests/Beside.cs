namespace Fleet.EndToEnd.Tests;

/// <summary>
/// Marks tests of processes that measure no time, which <c>./fleet test</c> therefore runs beside other projects; all others here have the machine to
/// themselves.
/// </summary>
internal static class Beside
{
    public const string Trait = "Beside";
    public const string Others = "others";
}
