namespace Fleet.Coordinator.Control;

/// <summary>
/// Hosts the coordinator. A deposed leader, or one with a broken invariant, ends the process, whatever else that serves. A leader that is told to
/// stop hands over first; its links end after that.
/// </summary>
internal sealed partial class LeaderService(
    Candidacies candidacies, Beginning beginning, IHostApplicationLifetime lifetime, ILogger<LeaderService> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stopping = Task.CompletedTask;
        using var told = lifetime.ApplicationStopping.Register(() => stopping = candidacies.StopAsync(stoppingToken));
        try
        {
            await beginning.BeforeFollowing;
            await candidacies.RunAsync(stoppingToken);
            await stopping;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped();
        }
        catch (Exception e)
        {
            LogFailed(e, e.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The coordinator stops")]
    private partial void LogStopped();

    [LoggerMessage(Level = LogLevel.Critical, Message = "The coordinator cannot go on: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
