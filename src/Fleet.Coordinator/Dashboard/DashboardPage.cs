namespace Fleet.Coordinator.Dashboard;

/// <summary>The fleet at a glance, in one page that is part of the program: it reads the same API that everybody else does.</summary>
internal static class DashboardPage
{
    public const string Path = "/";

    private const string Resource = "dashboard.html";

    public static void MapDashboard(this IEndpointRouteBuilder routes) => routes.MapGet(Path, () =>
        TypedResults.Stream(
            typeof(DashboardPage).Assembly.GetManifestResourceStream(Resource)!, "text/html; charset=utf-8")).ExcludeFromDescription();
}
