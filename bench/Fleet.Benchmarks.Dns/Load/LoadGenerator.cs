using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using Fleet.Benchmarks.Dns.Machine;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Node.Gslb.Answering.Zones;

namespace Fleet.Benchmarks.Dns.Load;

/// <summary>
/// Asks one server for random names on behalf of random client networks, from one socket and one thread that never sleeps. Closed loop: a window of
/// queries is always under way, which finds the peak. Open loop: queries are due at a rate, whatever becomes of them, and latency counts from when
/// they were due.
/// </summary>
public sealed class LoadGenerator : IDisposable
{
    private const int Ids = 65_536;
    private const int UnderWayMax = 60_000;
    private static readonly long Patience = Stopwatch.Frequency / 5;

    private readonly BatchSocket _socket;
    private readonly QuerySet _queries;
    private readonly int _networks;
    private readonly bool _isEcho;
    private readonly long[] _dueAt = new long[Ids];
    private readonly LatencyCounts _latencies = new();
    private Xorshift _random = new(20_260_101);
    private long _next;
    private long _oldest;
    private long _answered;
    private long _wrong;
    private long _lost;

    /// <param name="isEcho">The server gives queries back as they are, with QR set.</param>
    public LoadGenerator(IPEndPoint server, QuerySet queries, Workload workload, bool isEcho)
    {
        _queries = queries;
        _networks = workload.Networks;
        _isEcho = isEcho;
        _socket = new BatchSocket(server, queries.Length);
    }

    private long UnderWay => _next - _answered - _lost;

    /// <summary>Keeps <paramref name="window"/> queries under way, at least 64, at most 4,096.</summary>
    public LoadResult Closed(int window, TimeSpan warmUp, TimeSpan duration, IReadOnlyCollection<int> server)
    {
        var batch = Math.Min(BatchSocket.Batch, window / 2);
        void Step(long now)
        {
            while (UnderWay + batch <= window)
                Send(batch, now, 0);
            Take();
        }

        return Measure(Step, warmUp, duration, server);
    }

    /// <summary>Sends <paramref name="perSecond"/> queries per second, evenly.</summary>
    public LoadResult Open(double perSecond, TimeSpan warmUp, TimeSpan duration, IReadOnlyCollection<int> server)
    {
        var gap = Stopwatch.Frequency / perSecond;
        var due = (double)Stopwatch.GetTimestamp();
        void Step(long now)
        {
            var count = (int)Math.Min(BatchSocket.Batch, (now - due) / gap);
            if (count > 0)
            {
                if (UnderWay < UnderWayMax)
                    Send(count, (long)due, gap);
                due += count * gap;
            }

            Take();
        }

        return Measure(Step, warmUp, duration, server);
    }

    public void Dispose() => _socket.Dispose();

    private LoadResult Measure(Action<long> step, TimeSpan warmUp, TimeSpan duration, IReadOnlyCollection<int> server)
    {
        Until(warmUp, step);
        var (sent, answered, wrong, lost) = (_next, _answered, _wrong, _lost);
        _latencies.Clear();
        var (cpu, since) = (CpuTime.Read(server), Stopwatch.GetTimestamp());
        Until(duration, step);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(since), CpuTime.Read(server));
        (sent, answered, wrong) = (_next - sent, _answered - answered, _wrong - wrong);
        Until(TimeSpan.FromSeconds(2.0 * Patience / Stopwatch.Frequency), _ => Take());
        return new LoadResult(
            elapsed.TotalSeconds, sent, answered, wrong, _lost - lost, _latencies.At(0.5), _latencies.At(0.99), used.Server - cpu.Server)
        {
            ServerWaited = (used.Waited - cpu.Waited) / elapsed.TotalSeconds,
            GeneratorWaited = (used.OwnWaited - cpu.OwnWaited) / elapsed.TotalSeconds,
        };
    }

    private static void Until(TimeSpan duration, Action<long> step)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        for (var now = start; now < end; now = Stopwatch.GetTimestamp())
            step(now);
    }

    /// <param name="due">When the first was due.</param>
    /// <param name="gap">From one to the next.</param>
    private void Send(int count, long due, double gap)
    {
        for (var i = 0; i < count; i++)
        {
            var network = Workload.Network((int)_random.Below((ulong)_networks));
            _queries.Write((int)_random.Below((ulong)_queries.Count), (ushort)(_next + i), network, _socket.Query(i));
        }

        // A datagram that the kernel does not take is as good as lost: its time runs as for the others.
        _socket.Send(count);
        for (var i = 0; i < count; i++)
            _dueAt[(_next + i) % Ids] = due + (long)(i * gap);
        _next += count;
    }

    private void Take()
    {
        var count = _socket.Receive();
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            Count(_socket.Answer(i), now);
        for (; _oldest < _next; _oldest++)
        {
            ref var due = ref _dueAt[_oldest % Ids];
            if (due != 0 && now - due < Patience)
                break;
            _lost += due != 0 ? 1 : 0;
            due = 0;
        }
    }

    private void Count(ReadOnlySpan<byte> answer, long now)
    {
        var id = answer.Length < 12 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(answer);
        ref var due = ref _dueAt[id];
        if (!IsRight(answer))
            _wrong++;
        if (due == 0)
            return; // it came after all, and is counted as lost

        _latencies.Add((now - due) * 1e6 / Stopwatch.Frequency);
        due = 0;
        _answered++;
    }

    /// <summary>A response without error, with one answer at least.</summary>
    private bool IsRight(ReadOnlySpan<byte> answer) =>
        answer.Length >= 12 && (answer[2] & 0x80) != 0 && (_isEcho || ((answer[3] & 0x0F) == 0 && (answer[6] | answer[7]) != 0));
}
