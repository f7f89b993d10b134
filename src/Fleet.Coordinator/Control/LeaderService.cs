namespace Fleet.Coordinator.Control;

/// <summary>Hosts the leader: a deposed one, or one with a broken invariant, takes the process with it, whatever else it serves.</summary>
internal sealed partial class LeaderService(LeaderProgram program, IHostApplicationLifetime lifetime, ILogger<LeaderService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WarmUp.PlayAsync();
            await program.RunAsync(stoppingToken);
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
