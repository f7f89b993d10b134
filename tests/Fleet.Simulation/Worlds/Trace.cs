using Microsoft.Extensions.Logging;

namespace Fleet.Simulation.Worlds;

/// <summary>The newest lines of what happened, with their true time; or all of them, where somebody reads along.</summary>
/// <param name="reader">Told each line; null is nobody.</param>
public sealed class Trace(Func<long> now, Action<string>? reader)
{
    private const int Kept = 60;

    private readonly Queue<string> _lines = new();

    public void Add(string what)
    {
        var line = $"{now() / 1000.0,12:0.000} ms  {what}";
        reader?.Invoke(line);
        _lines.Enqueue(line);
        if (_lines.Count > Kept)
            _lines.Dequeue();
    }

    public override string ToString() => string.Join('\n', _lines);

    /// <summary>What a process logs, from information on, is part of what happened.</summary>
    public ILoggerFactory Logs(string process) => new Loggers(this, process);

    private sealed class Loggers(Trace trace, string process) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new Logger(trace, process);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Logger(Trace trace, string process) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                trace.Add($"{process}: {formatter(state, exception)}");
        }
    }
}
