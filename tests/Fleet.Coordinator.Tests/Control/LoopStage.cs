using System.Diagnostics;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>The real loop on a store that fails as it is told, with nobody to tick it but the test.</summary>
internal sealed class LoopStage : IAsyncDisposable
{
    private readonly NodeLinks _links;
    private readonly CancellationTokenSource _end = new();
    private readonly CoordinatorLoop _loop;

    /// <param name="snapshotEvery">Entries between two snapshots.</param>
    /// <param name="store">Null is <see cref="Store"/>.</param>
    public LoopStage(int snapshotEvery, IFleetStore? store = null)
    {
        _links = new NodeLinks(Mailbox, Limits.Default.Links, TimeProvider.System, NullLogger<NodeLinks>.Instance);
        var planWorker = new PlanWorker(Mailbox, MonotonicClock.System, new AsideThread(), NullLogger<PlanWorker>.Instance);
        _loop = new CoordinatorLoop(
            store ?? Store,
            Mailbox,
            new LeaderEffects(Mailbox, _links, new RecentEvents(), planWorker),
            new CoordinatorIdentity(new CoordinatorAddress("c", null, null), snapshotEvery, [], []),
            MonotonicClock.System,
            () => "12345678",
            NullLogger<CoordinatorLoop>.Instance);
    }

    public MoodyStore Store { get; } = new();

    public Mailbox Mailbox { get; } = new();

    public Task Running { get; private set; } = Task.CompletedTask;

    public async Task BeginAsync()
    {
        Running = _loop.RunAsync(_end.Token);
        while (!Mailbox.IsLeading && !_end.IsCancellationRequested)
            await Task.Delay(5);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Mailbox.IsLeading.ShouldBeFalse();
        _links.Dispose();
        _end.Dispose();
    }

    public Task<CommandResult> ApplyAsync(string name, int vip) =>
        Mailbox.AskAsync(new Command.ApplyService(Build.Service(name, Build.Vip(vip))), Build.By, null, CancellationToken.None);

    public Task TickAsync(TimeSpan span)
    {
        var since = Stopwatch.StartNew();
        return TickWhileAsync(() => since.Elapsed < span);
    }

    /// <param name="said">Said with every tick: a node that falls silent while the machine is busy is another story.</param>
    public async Task TickAsync(Task until, params LeaderInput[] said)
    {
        for (var since = Stopwatch.StartNew(); !until.IsCompleted && since.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(5))
        {
            foreach (var input in said.Append(new LeaderInput.Tick()))
                Mailbox.Post(input);
        }

        until.IsCompleted.ShouldBeTrue();
    }

    public async Task TickUntilAsync(Func<Leader, bool> isSo)
    {
        for (var since = Stopwatch.StartNew(); !await Mailbox.LookAsync(isSo, CancellationToken.None); await TickAsync(TimeSpan.FromMilliseconds(10)))
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private async Task TickWhileAsync(Func<bool> isSo)
    {
        for (; isSo(); await Task.Delay(5))
            Mailbox.Post(new LeaderInput.Tick());
    }
}
