using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Vips;
using Fleet.Shared.Model;

namespace Fleet.Simulation.Worlds;

/// <summary>What is wrong with a data plane.</summary>
public enum PlaneTrouble
{
    /// <summary>It says no, and does nothing.</summary>
    Fails,

    /// <summary>It does as it is told, and says that it failed.</summary>
    HalfDone,

    /// <summary>It says nothing until it is mended, and does then what it was told.</summary>
    Hangs,

    /// <summary>It says that it carries what it carried before, and so it does.</summary>
    Stays,

    /// <summary>It answers nothing, whoever looks after it sees that, and it serves nobody.</summary>
    Silent,
}

/// <summary>The data plane of a node: the real one of each of its agents, with trouble in between. What holds the VIPs goes on.</summary>
public sealed class SimPlane(Action<string> log, NodeName node)
{
    /// <summary>
    /// Microseconds after which a data plane that was mended has surely been told again: a pause, what the answer takes, and an apply that was given
    /// up.
    /// </summary>
    private const long RetryMax = 3_000_000;

    private readonly List<NodePlan> _carried = [];
    private PlaneTrouble? _trouble;
    private TaskCompletionSource _mended = new();
    private long? _mendedAt;
    private Action<TimeSpan?>? _watcher;

    /// <summary>The plans of which it surely carries one: the last that it said it carries, and those that it has been told since.</summary>
    internal IReadOnlyList<NodePlan> MayCarry => _carried;

    /// <summary>Another number whenever <see cref="MayCarry"/> has changed.</summary>
    public long Changes { get; private set; }

    /// <summary>It was in trouble at some time since the world began.</summary>
    public bool HasBeenTroubled { get; private set; }

    public void Break(PlaneTrouble trouble)
    {
        Mend();
        HasBeenTroubled = true;
        _trouble = trouble;
        _mended = new TaskCompletionSource();
        if (trouble is PlaneTrouble.Silent)
            _watcher?.Invoke(TimeSpan.Zero);
    }

    public void Mend()
    {
        if (_trouble is null)
            return;
        log($"{node}'s data plane is mended");
        if (_trouble is PlaneTrouble.Silent)
            _watcher?.Invoke(null);
        (_trouble, _mendedAt) = (null, null);
        _mended.TrySetResult();
    }

    /// <summary>It is in trouble, or was until a moment ago. To be asked at least every now and then.</summary>
    public bool WasTroubled(long now)
    {
        if (_trouble is not null)
            return true;
        if (!HasBeenTroubled)
            return false;
        _mendedAt ??= now;
        return now - _mendedAt < RetryMax;
    }

    /// <summary>What a new agent drives.</summary>
    internal IPlaneDriver Over(IPlaneDriver driver)
    {
        Now([]);
        return new Driver(this, driver);
    }

    private void Now(IEnumerable<NodePlan> carried)
    {
        NodePlan[] plans = [.. carried];
        _carried.Clear();
        _carried.AddRange(plans);
        Changes++;
    }

    private sealed class Driver(SimPlane plane, IPlaneDriver real) : IPlaneDriver
    {
        public IDataPlane Plane { get; } = new Troubled(plane, real.Plane);

        public IVipHolder Vips => real.Vips;

        public int? Pid => real.Pid;

        public int? SparePid => real.SparePid;

        public Task<ImmutableSortedSet<VipAddress>> ConnectAsync(CancellationToken cancellation) => real.ConnectAsync(cancellation);

        public Task RunAsync(CancellationToken cancellation) => real.RunAsync(cancellation);

        public Task WatchAsync(Action<TimeSpan?> tell, CancellationToken cancellation)
        {
            plane._watcher = tell;
            if (plane._trouble is PlaneTrouble.Silent)
                tell(TimeSpan.Zero);
            return Task.CompletedTask;
        }

        public Task EndAsync(CancellationToken cancellation) => real.EndAsync(cancellation);

        public void Dispose() => real.Dispose();
    }

    private sealed class Troubled(SimPlane plane, IDataPlane real) : IDataPlane
    {
        private PlanGeneration _said;

        public DataPlaneCapabilities Capabilities => real.Capabilities;

        public Task<PlanGeneration> ApplyServicesAsync(NodePlan plan, BackendStates backends, CancellationToken cancellation) => TellAsync(
            async () =>
            {
                plane.Now(plane._carried.Append(plan));
                var carried = await real.ApplyServicesAsync(plan, backends, cancellation);
                plane.Now(carried == backends.Generation ? [plan] : plane._carried);
                return carried;
            },
            cancellation);

        public Task<PlanGeneration> ApplyBackendsAsync(BackendStates backends, CancellationToken cancellation) =>
            TellAsync(() => real.ApplyBackendsAsync(backends, cancellation), cancellation);

        public async Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation)
        {
            if (plane._trouble is PlaneTrouble.Fails)
                throw new IOException("The data plane says no.");
            await real.DrainAsync(vips, cancellation);
        }

        public Task<PlaneReading> ReadAsync(CancellationToken cancellation) => real.ReadAsync(cancellation);

        public ValueTask DisposeAsync() => real.DisposeAsync();

        private async Task<PlanGeneration> TellAsync(Func<Task<PlanGeneration>> tell, CancellationToken cancellation)
        {
            switch (plane._trouble)
            {
                case PlaneTrouble.Fails:
                    throw new IOException("The data plane says no.");
                case PlaneTrouble.HalfDone:
                    await tell();
                    throw new IOException("The data plane has lost its answer.");
                case PlaneTrouble.Stays:
                    return _said;
                case PlaneTrouble.Hangs or PlaneTrouble.Silent:
                    await MendedAsync(cancellation);
                    break;
            }

            return _said = await tell();
        }

        private async Task MendedAsync(CancellationToken cancellation)
        {
            var calledOff = new TaskCompletionSource();
            using var registration = cancellation.Register(calledOff.SetResult);
            await Task.WhenAny(plane._mended.Task, calledOff.Task);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
