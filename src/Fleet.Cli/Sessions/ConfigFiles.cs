using Fleet.Cli.Messages;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Cli.Sessions;

/// <summary>
/// HOCON and JSON files that a person hands to pbm. Every mistake in one is reported, with its place, and is <see cref="ExitCode.Usage"/>.
/// </summary>
internal static class ConfigFiles
{
    public static IReadOnlyList<Service> Services(string path, Func<string, string?> environment) =>
        Sound(ServiceConfig.Load(path, new HoconFiles(), environment)).Value;

    /// <summary>The resolved file as indented JSON, with HOCON such as <c>a.b=c</c> laid over it.</summary>
    public static string Render(string path, IEnumerable<string> overrides, Func<string, string?> environment) =>
        Sound(ConfigRender.Json(path, overrides, new HoconFiles(), environment)).Value!;

    private static ConfigResult<T> Sound<T>(ConfigResult<T> read)
        where T : notnull =>
        read.IsSound ? read : throw PbmException.Usage(string.Join(Environment.NewLine, read.Errors.Select(error => error.ToString())));
}
