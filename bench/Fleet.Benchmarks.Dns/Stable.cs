using System.Runtime.InteropServices;
using Fleet.Benchmarks.Dns.Servers;

namespace Fleet.Benchmarks.Dns;

/// <summary>The servers of one part of the benchmark. None outlives it: not its end, not a failure, not Ctrl-C.</summary>
public sealed class Stable : IDisposable
{
    private const int Interrupted = 130;
    private readonly TextWriter _output;
    private readonly List<RunningServer> _servers = [];
    private readonly PosixSignalRegistration[] _signals;

    public Stable(TextWriter output)
    {
        _output = output;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave)];
    }

    public IReadOnlyList<RunningServer> Servers => _servers;

    /// <summary>Starts those that can be started here, and says which cannot and why; each has passed the inspection then.</summary>
    /// <exception cref="InvalidOperationException">One does not start, or answers wrongly.</exception>
    public async Task StartAsync(IEnumerable<Contender> contenders)
    {
        foreach (var contender in contenders)
        {
            if (contender.Missing is { } reason)
            {
                _output.WriteLine($"{contender.Name} is left out: {reason}");
                continue;
            }

            var server = new RunningServer(contender);
            lock (_servers)
                _servers.Add(server);
            await Inspection.PassAsync(server);
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        End();
    }

    private void End()
    {
        lock (_servers)
        {
            foreach (var server in _servers)
                server.Dispose();
            _servers.Clear();
        }
    }

    private void Leave(PosixSignalContext context)
    {
        End();
        Environment.Exit(Interrupted);
    }
}
