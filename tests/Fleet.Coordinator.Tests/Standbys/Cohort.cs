using System.Net;
using System.Net.WebSockets;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Control;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>
/// Several coordinators over one store, in one process, on one scheduler and a clock that stands still: whole programs, with links between them that
/// are in memory. Each can be stopped, go on, and be killed without a word.
/// </summary>
internal sealed class Cohort : IDisposable
{
    private readonly List<Member> _members = [];

    public OneScheduler Scheduler { get; } = new();

    public FakeTime Time { get; } = new();

    public InMemoryFleetStore.Memory Memory { get; } = new();

    public IReadOnlyList<Member> Members => _members;

    public Member Leader => _members.Single(m => m.Leads);

    /// <summary>It is there, and has followed for a second unless it leads.</summary>
    public Member Add()
    {
        var member = new Member(this, $"c{_members.Count + 1}", IPEndPoint.Parse($"10.0.0.{_members.Count + 1}:7400"));
        _members.Add(member);
        member.Start();
        Pass(TimeSpan.FromSeconds(1));
        return member;
    }

    public void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromMilliseconds(1))
            Do(() => Time.Advance(TimeSpan.FromMilliseconds(1)));
    }

    /// <summary>Returns how long it takes until something is so.</summary>
    public TimeSpan PassUntil(Func<bool> isSo, TimeSpan limit)
    {
        var passed = TimeSpan.Zero;
        for (; !isSo(); passed += TimeSpan.FromMilliseconds(1))
        {
            passed.ShouldBeLessThan(limit);
            Pass(TimeSpan.FromMilliseconds(1));
        }

        return passed;
    }

    public void Do(Action action) => Scheduler.Do(() =>
    {
        action();
        return true;
    });

    public Task<CommandResult> Ask(Member member, Command command) =>
        Scheduler.Do(() => member.Candidacies.Program.Mailbox.AskAsync(command, Build.By, null, CancellationToken.None));

    /// <summary>What has come of something that is over.</summary>
    public static T Of<T>(Task<T> done)
    {
        done.IsCompleted.ShouldBeTrue();
        return done.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        foreach (var member in _members)
            member.Candidacies.Dispose();
    }

    /// <summary>One process.</summary>
    internal sealed class Member : IStandbyDialler
    {
        private readonly Cohort _cohort;
        private readonly CancellationTokenSource _end = new();
        private readonly CoordinatorIdentity _identity;

        public Member(Cohort cohort, string name, IPEndPoint listen)
        {
            _cohort = cohort;
            Time = new StoppableTime(cohort.Time);
            Clock = new MonotonicClock(Time);
            _identity = new CoordinatorIdentity(
                CoordinatorAddress.At(name, listen), 50, [new Command.ApplyService(Build.Service("a", Build.Vip(1)))], []);
            Candidacies = new Candidacies(Create, Clock, NullLogger<Candidacies>.Instance);
        }

        public string Name => _identity.Name;

        public LinkAddress Link => _identity.Address.Link!;

        public StoppableTime Time { get; }

        public MonotonicClock Clock { get; }

        public Candidacies Candidacies { get; }

        public Task Running { get; private set; } = Task.CompletedTask;

        /// <summary>The terms that it has wanted to end.</summary>
        public List<long> Deposed { get; } = [];

        /// <summary>Its way to the store is cut.</summary>
        public bool IsCutOff { get; set; }

        /// <summary>The journal's tail fails as soon as there is something in it.</summary>
        public bool Holds { get; set; }

        public bool Leads => !Time.IsDead && Candidacies.Program.Mailbox.IsLeading;

        public LeaderProgram Program => Candidacies.Program;

        public void Start() => _cohort.Do(() => Running = Candidacies.RunAsync(_end.Token));

        /// <summary>kill -9: its connections break, and the store knows of nothing.</summary>
        public void Kill() => _cohort.Do(() =>
        {
            Time.Die();
            _end.Cancel();
        });

        public void Stop() => Time.Stop();

        public void Continue() => _cohort.Do(Time.Continue);

        public Task Terminate() => _cohort.Scheduler.Do(() => Candidacies.StopAsync(CancellationToken.None));

        public Task<HandOver> HandOver(string? to) =>
            _cohort.Scheduler.Do(() => Candidacies.HandOverAsync(to, Build.By, CancellationToken.None));

        public T Look<T>(Func<Coordinator.Core.Leader, T> read) => See(read).What;

        public Seen<T> See<T>(Func<Coordinator.Core.Leader, T> read)
        {
            var look = _cohort.Scheduler.Do(() => Program.Reader.LookAsync(read, CancellationToken.None));
            return Of(look);
        }

        public async Task<WebSocket> DialAsync(LinkAddress leader, CancellationToken cancellation)
        {
            var there = _cohort._members.Single(m => m.Link == leader);
            if (there.Time.IsDead || there._end.IsCancellationRequested)
                throw new NobodyListensException(leader);
            if (there.Time.IsStopped)
                await NeverAsync(cancellation);
            var (near, far) = PairedSocket.Between(Time, there.Time);
            _ = ServeAsync(there, far);
            return near;
        }

        private static async Task NeverAsync(CancellationToken cancellation)
        {
            var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var off = cancellation.Register(() => never.TrySetCanceled(cancellation));
            await never.Task;
        }

        private static async Task ServeAsync(Member there, PairedSocket socket)
        {
            using (socket)
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(there._end.Token, there.Candidacies.Parted);
                await there.Program.Standbys.ServeAsync(socket, () => { }, stop.Token);
            }
        }

        private Candidacy Create()
        {
            var store = new WatchedStore(this, new InMemoryFleetStore(_cohort.Memory, Time));
            var program = new LeaderProgram(
                store, _identity, Clock, new AtOnce(), Limits.Default.Links, NullLoggerFactory.Instance, () => "12345678", this);
            return new Candidacy(store, program);
        }
    }

    private sealed class AtOnce : IAside
    {
        public Task<T> RunAsync<T>(string name, Func<T> work) => Task.FromResult(work());
    }
}
