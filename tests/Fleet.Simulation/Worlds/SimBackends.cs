using System.Net;
using Fleet.Node.Checks;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Worlds;

/// <summary>The real servers behind all services, by the last number of their address.</summary>
public sealed class SimBackends(Scheduler scheduler, Random chance)
{
    private readonly Random _chance = chance;
    private readonly HashSet<int> _failed = [];

    /// <summary>When one failed or was mended last, true time.</summary>
    public long Changed { get; private set; }

    public bool HasFailed(IPEndPoint backend) => _failed.Contains(NumberOf(backend));

    /// <summary>Returns whether it was well before.</summary>
    public bool Fail(int backend)
    {
        Changed = scheduler.Now;
        return _failed.Add(backend);
    }

    public void Mend(int backend)
    {
        Changed = scheduler.Now;
        _failed.Remove(backend);
    }

    public void MendAll()
    {
        Changed = scheduler.Now;
        _failed.Clear();
    }

    /// <summary>A connection to a feedback agent.</summary>
    public Task<Stream> ConnectAsync(IPEndPoint backend, ProcessLife life) => throw new IOException($"Nobody listens at {backend}.");

    private static int NumberOf(IPEndPoint backend) => backend.Address.GetAddressBytes()[^1];

    /// <summary>A probe from a process: it takes a while, and finds the server as it is.</summary>
    internal ICheck CheckFrom(ProcessLife life) => new Probe(this, life);

    private sealed class Probe(SimBackends backends, ProcessLife life) : ICheck
    {
        public async Task<ProbeResult> ProbeAsync(IPEndPoint backend, CancellationToken cancellation)
        {
            var done = new TaskCompletionSource<ProbeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = cancellation.Register(() => done.TrySetCanceled(cancellation));
            life.After(backends._chance.Next(200, 5_000), () => done.TrySetResult(
                backends.HasFailed(backend) ? ProbeResult.Bad("it is down") : ProbeResult.Good));
            return await done.Task;
        }
    }
}
