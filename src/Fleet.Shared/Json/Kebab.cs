using System.Text.Json;

namespace Fleet.Shared.Json;

/// <summary>The words that <see cref="KebabEnum{TEnum}"/> writes, for texts.</summary>
public static class Kebab
{
    /// <summary><c>FailClosed</c> is <c>fail-closed</c>.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
