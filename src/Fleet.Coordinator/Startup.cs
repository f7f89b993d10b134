using Fleet.Coordinator.Api;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Dashboard;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Publishers;
using Fleet.Coordinator.Stores;
using Fleet.Http;
using Fleet.Postgres;
using Fleet.Shared.Api;
using Fleet.Shared.Config;
using Fleet.Shared.Gslb;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator;

/// <summary>Puts the coordinator together: the only place that knows which store, clock and listener there are.</summary>
internal static class Startup
{
    /// <summary>
    /// Runs until it is told to stop. Returns 0 then, 1 when it failed, and 2, with nothing started, when the configuration has mistakes.
    /// </summary>
    public static async Task<int> RunAsync(string? configPath, string[] overrides, CancellationToken cancellation)
    {
        var loaded = FleetConfig.Load(configPath, overrides, new HoconFiles(), Environment.GetEnvironmentVariable);
        if (loaded.Value is not { } config)
        {
            foreach (var error in loaded.Errors)
                await Console.Error.WriteLineAsync(error.ToString());
            return 2;
        }

        if (KeyMistakes(config) is { Length: > 0 } mistakes)
        {
            foreach (var mistake in mistakes)
                await Console.Error.WriteLineAsync($"fleet.coordinator.publish: {mistake}");
            return 2;
        }

        if (StoreKinds.Mistake(config.Coordinator) is { } unusable)
        {
            await Console.Error.WriteLineAsync(unusable);
            return 2;
        }

        if (!TryTarget(config.Coordinator.Projection, out var readModel, out var wrong))
        {
            await Console.Error.WriteLineAsync($"fleet.coordinator.projection: {wrong}");
            return 2;
        }

        await using var app = Build(config, readModel);
        try
        {
            await app.RunAsync(cancellation);
            return Environment.ExitCode;
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"fleet-coordinator: {config.Coordinator.Listen} cannot be had: {e.Message}");
            return 1;
        }
    }

    /// <summary>Keys are read again at every use, but keys that cannot be read at all are better reported before anything starts.</summary>
    private static string[] KeyMistakes(FleetConfig config) =>
        [
            .. config.Coordinator.Publish
                .Select(target => KeyFile.TryRead(target.KeyFile, out _, out var mistake) ? "" : mistake)
                .Where(mistake => mistake.Length > 0)
                .Distinct(),
        ];

    /// <summary>The read model's database; null where there is none.</summary>
    private static bool TryTarget(ProjectionSettings projection, out PostgresTarget? target, out string mistake)
    {
        (target, mistake) = (null, "");
        return projection.Connection is not { } connection || PostgresTarget.TryRead(connection, projection.PasswordFile, out target, out mistake);
    }

    private static WebApplication Build(FleetConfig config, PostgresTarget? readModel)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var limits = Bounds.For(config);
        builder.WebHost.ListenBounded(config.Coordinator.Listen, limits.Http);
        builder.Host.ConfigureHostOptions(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        ConsoleLogs.Configure(builder.Logging);
        AddFleet(builder.Services, config, limits);
        AddProjection(builder.Services, config, readModel);
        var app = builder.Build();
        Bounds.Tell(app.Logger, config.Coordinator.Limits, limits);
        app.UseBounds(limits.Http, TimeProvider.System, Routes.Link, Routes.Standby, HealthEndpoints.Path);
        app.UseMiddleware<FailureProblems>();
        app.UseStatusCodePages();
        app.UseMiddleware<FollowerGate>(limits.Http, Routes.EventStream);
        app.UseMiddleware<LeaderOnly>();
        app.UseMiddleware<PrincipalDoor>();
        app.UseWebSockets();
        app.MapReads(config.Coordinator.Name);
        app.MapCommands();
        app.MapCoordinators();
        app.MapProjection();
        app.MapLink();
        app.MapHealth();
        app.MapDashboard();
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    private static IFleetStore Store(CoordinatorSettings settings, IServiceProvider provider) => StoreKinds.Open(
        settings,
        provider.GetRequiredService<IDisk>(),
        provider.GetRequiredService<IAside>(),
        provider.GetRequiredService<ILoggerFactory>());

    private static Candidacy Candidate(FleetConfig config, LimitSettings limits, IServiceProvider provider)
    {
        var store = Store(config.Coordinator, provider);
        return new Candidacy(store, new LeaderProgram(
            store,
            provider.GetRequiredService<CoordinatorIdentity>(),
            provider.GetRequiredService<MonotonicClock>(),
            provider.GetRequiredService<IAside>(),
            limits.Links,
            provider.GetRequiredService<ILoggerFactory>(),
            FailureId.New,
            new WsStandbyDialler(),
            provider.GetRequiredService<RecentEvents>(),
            provider.GetRequiredService<Beginning>().BeforeCampaign));
    }

    /// <summary>It reads by a store of its own, whoever leads.</summary>
    private static void AddProjection(IServiceCollection services, FleetConfig config, PostgresTarget? readModel)
    {
        services.AddSingleton(new ProjectionStatus { IsOn = readModel is not null });
        services.AddSingleton<RebuildRequests>();
        services.AddHostedService(provider => new ProjectionService(
            () => Store(config.Coordinator, provider),
            readModel,
            config.Coordinator.Projection,
            provider.GetRequiredService<ProjectionStatus>(),
            provider.GetRequiredService<RebuildRequests>(),
            () => provider.GetRequiredService<Candidacies>().Program.Mailbox,
            TimeProvider.System,
            provider.GetRequiredService<ILogger<Projector>>()));
    }

    private static void AddFleet(IServiceCollection services, FleetConfig config, LimitSettings limits)
    {
        services.AddSingleton(new Beginning(config.Coordinator.Store, Task.Run(WarmUp.PlayAsync)));
        services.AddSingleton(MonotonicClock.System);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IAside, AsideThread>();
        services.AddSingleton<IDisk, LocalDisk>();
        services.AddSingleton<RecentEvents>();
        services.AddSingleton<Forwarder>();
        services.AddSingleton(provider => new Candidacies(
            () => Candidate(config, limits, provider), MonotonicClock.System, provider.GetRequiredService<ILogger<Candidacies>>()));
        // Each request finds those of the present candidacy.
        services.AddTransient(provider => provider.GetRequiredService<Candidacies>().Program.Mailbox);
        services.AddTransient(provider => provider.GetRequiredService<Candidacies>().Program.Links);
        services.AddTransient(provider => provider.GetRequiredService<Candidacies>().Program.Standbys);
        services.AddTransient(provider => provider.GetRequiredService<Candidacies>().Program.Leaders);
        services.AddTransient(provider => provider.GetRequiredService<Candidacies>().Program.Reader);
        services.AddTransient<Reading>();
        services.AddTransient<Asker>();
        services.AddHttpContextAccessor();
        services.AddSingleton(new CoordinatorIdentity(
            CoordinatorAddress.At(config.Coordinator.Name, config.Coordinator.Advertise ?? config.Coordinator.Listen),
            config.Coordinator.SnapshotEvery,
            [.. config.Services.Select(s => new Command.ApplyService(s))],
            [new Command.SetPolicy(config.Policy)]));
        services.AddHostedService<LeaderService>();
        if (config.Coordinator.HighPriority)
            services.AddHostedService<PriorityKeeper>();
        services.AddSingleton(provider => new PublisherSet(
            config,
            PresentAnswers.FromMap,
            () => provider.GetRequiredService<Candidacies>().Program.Mailbox,
            provider.GetRequiredService<RecentEvents>(),
            TimeProvider.System,
            provider.GetRequiredService<ILogger<Publisher>>()));
        services.AddHostedService(provider => provider.GetRequiredService<PublisherSet>());
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.KebabCaseLower;
        });
        services.AddOpenApi("v1");
        services.AddProblemDetails();
    }
}
