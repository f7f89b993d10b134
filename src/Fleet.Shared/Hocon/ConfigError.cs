namespace Fleet.Shared.Hocon;

/// <summary>
/// One mistake in a configuration, located: which file and line, at which path, what stands there and what may stand there.
/// Mistakes are collected, never thrown, so that a person sees all of them in one go.
/// </summary>
/// <param name="File">The file as the user named it, or `--set`.</param>
/// <param name="Line">1-based; 0 where the whole file is meant.</param>
/// <param name="Path">The key path, such as `fleet.lease.heartbeat`; empty where the text has no path yet.</param>
public sealed record ConfigError(string File, int Line, string Path, string Found, string Allowed)
{
    public ConfigError(HoconOrigin origin, string path, string found, string allowed) : this(origin.File, origin.Line, path, found, allowed) { }

    /// <summary>`demo.conf:12: fleet.lease.heartbeat: found "fast", allowed: a duration from 10ms to 10s`</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        var subject = Path.Length > 0 ? $"{Path}: " : "";
        return $"{place}: {subject}found {Found}, allowed: {Allowed}";
    }

    /// <summary>By file, line, path: the order in which a person mends them. Equal messages show once.</summary>
    public static IEnumerable<ConfigError> InOrder(IEnumerable<ConfigError> errors) => errors
        .Distinct()
        .OrderBy(e => e.File, StringComparer.Ordinal)
        .ThenBy(e => e.Line)
        .ThenBy(e => e.Path, StringComparer.Ordinal);
}
