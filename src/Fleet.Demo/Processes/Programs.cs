namespace Fleet.Demo.Processes;

/// <summary>Where the checkout and its built programs are: all projects build to <c>artifacts/bin/PROJECT/CONFIGURATION</c>.</summary>
internal static class Programs
{
    public static string Coordinator => Find("Fleet.Coordinator", "fleet-coordinator");

    public static string Node => Find("Fleet.Node", "fleet-node");

    public static string Pbm => Find("Fleet.Cli", "pbm");

    public static string Demo => Find("Fleet.Demo", "fleet-demo");

    public static string Lab => Find("Fleet.Lab", "fleet-lab");

    /// <summary>The checkout's root.</summary>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
                    return folder.FullName;
            }

            throw new InvalidOperationException($"{AppContext.BaseDirectory} is not below a checkout of Fleet.");
        }
    }

    private static string Find(string project, string program)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{program} is not built: run ./fleet demo, or dotnet build.", path);
    }
}
