using Fleet.Shared.Model;

namespace Fleet.Cli;

public static class ServiceFile
{
    public static IReadOnlyList<Service> Read(string path, Func<string, string?> environment) => throw PbmException.Usage($"{path}");
}

public static class ConfigFile
{
    public static string Render(string path, string[] set, Func<string, string?> environment) => throw PbmException.Usage($"{path}");
}
