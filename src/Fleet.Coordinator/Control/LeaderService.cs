namespace Fleet.Coordinator.Control;

/// <summary>Hosts the leader. A deposed leader, or one with a broken invariant, ends the process, whatever else that serves.</summary>
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
