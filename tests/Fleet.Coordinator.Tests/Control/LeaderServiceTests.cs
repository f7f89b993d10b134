using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>The program's parts run together, and its end is the process's.</summary>
public sealed class LeaderServiceTests : IAsyncLifetime
{
    private readonly StubLifetime _lifetime = new();
    private readonly LeaderProgram _program;
    private readonly Candidacies _candidacies;
    private LeaderService _service = null!;

    public LeaderServiceTests()
    {
        var store = new InMemoryFleetStore(new InMemoryFleetStore.Memory(), TimeProvider.System);
        _program = new LeaderProgram(
            store,
            new CoordinatorIdentity(new CoordinatorAddress("c", null, null), 100, [new Command.ApplyService(Build.Service("a", Build.Vip(1)))], []),
            MonotonicClock.System,
            new AsideThread(),
            Limits.Default.Links,
            NullLoggerFactory.Instance);
        _candidacies = new Candidacies(() => new Candidacy(store, _program), MonotonicClock.System, NullLogger<Candidacies>.Instance);
    }

    public async Task InitializeAsync()
    {
        _service = new LeaderService(
            _candidacies, new Beginning(StoreKind.File, Task.CompletedTask), _lifetime, NullLogger<LeaderService>.Instance);
        await _service.StartAsync(CancellationToken.None);
        while (!_program.Mailbox.IsLeading)
            await Task.Delay(5);
    }

    public async Task DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _program.Dispose();
        _candidacies.Dispose();
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task Broken_invariant_ends_the_process_and_says_so_by_its_exit_code()
    {
        _ = _program.Mailbox.LookAsync<int>(_ => throw new InvariantBrokenException("two owners"), CancellationToken.None);
        await _service.ExecuteTask.ShouldNotBeNull().WaitAsync(TimeSpan.FromSeconds(10));
        _lifetime.Stopped.ShouldBeTrue();
        Environment.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Told_to_stop_it_ends_and_nothing_has_failed()
    {
        await _service.StopAsync(CancellationToken.None);
        _lifetime.Stopped.ShouldBeFalse();
        Environment.ExitCode.ShouldBe(0);
        _program.Mailbox.IsLeading.ShouldBeFalse();
    }

    [Fact]
    public async Task Ticks_and_plans_come_to_the_leader()
    {
        (await _program.Mailbox.LookAsync(leader => leader.State.Map.Services.Count, CancellationToken.None)).ShouldBe(1);
        _program.Leader.ShouldNotBeNull().Term.ShouldBe(1);
        // Its VIP has no node: a judgement of the next command needs ticks, the plan room and the way back.
        var asked = await _program.Mailbox
            .AskAsync(new Command.ApplyService(Build.Service("b", Build.Vip(2))), Build.By, null, CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(20));
        asked.Decision.ShouldBeOfType<Decision.Accepted>();
    }

    private sealed class StubLifetime : IHostApplicationLifetime
    {
        public bool Stopped { get; private set; }

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopped = true;
    }
}
