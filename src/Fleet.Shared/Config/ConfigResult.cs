using System.Collections.Immutable;
using Fleet.Shared.Hocon;

namespace Fleet.Shared.Config;

/// <summary>A value, or every mistake that kept it from being one, in the order of files and lines.</summary>
public sealed record ConfigResult<T>(T? Value, ImmutableArray<ConfigError> Errors)
    where T : notnull
{
    public bool IsSound => Errors.IsEmpty;

    internal static ConfigResult<T> Create(T value, IReadOnlyCollection<ConfigError> errors) =>
        errors.Count == 0 ? new(value, []) : new(default, [.. ConfigError.InOrder(errors)]);
}
