using System.Collections.Immutable;
using Fleet.Node.DataPlanes.Haproxy.Answers;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>Reads what HAProxy's processes have carried. One reading at a time.</summary>
internal sealed class HaproxyCounters(HaproxyOptions options, HaproxyProcess process, TimeProvider time)
{
    private const string Table = $"show table {HaproxyConfig.VipTable}";
    private readonly Turns _turn = new();
    private readonly CounterLedger _ledger = new();
    private ProcessTable? _processes;

    /// <summary>What is carried now, in the word for it, and the counters of every VIP that has had a connection.</summary>
    /// <exception cref="IOException">HAProxy does not answer.</exception>
    public async Task<(string? Word, ImmutableSortedDictionary<VipAddress, VipCounters> Vips)> ReadAsync(CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        using var late = new Deadline(time, options.AnswerMax, cancellation);
        try
        {
            using var link = await RuntimeLink.OpenAsync(options.Rendering.SocketPath, late.Token);
            var word = await HaproxyProcess.CarriedAsync(link, late.Token);
            var tables = new Dictionary<int, ImmutableSortedDictionary<VipAddress, VipCounters>>();
            var pid = ProcessInfo.Pid(await link.AskAsync("show info", late.Token)) ?? throw new IOException("HAProxy does not say who it is.");
            tables[pid] = VipTable.TryRead(await link.AskAsync(Table, late.Token)) ?? _ledger.Last(pid);
            _processes = await process.LookAsync(late.Token) ?? _processes;
            foreach (var other in _processes?.Workers.Where(worker => worker != pid) ?? [])
            {
                var answer = await MasterLink.AskAsync(options.MasterSocket, $"@!{other} {Table}", late.Token);
                // One that ends just now answers with something else: what it had last counts.
                tables[other] = (answer is null ? null : VipTable.TryRead(answer)) ?? _ledger.Last(other);
            }

            return (word, _ledger.Add(tables));
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"HAProxy does not answer within {options.AnswerMax.TotalSeconds:0.###} s.", e);
        }
    }

    /// <exception cref="IOException">HAProxy does not answer.</exception>
    public async Task<ImmutableSortedDictionary<BackendKey, ServerCounters>> ReadBackendsAsync(HaproxyLayout layout, CancellationToken cancellation)
    {
        using var late = new Deadline(time, options.AnswerMax, cancellation);
        try
        {
            using var link = await RuntimeLink.OpenAsync(options.Rendering.SocketPath, late.Token);
            var servers = StatTable.TryRead(await link.AskAsync("show stat", late.Token))?.Servers()
                ?? throw new IOException("HAProxy's answer to 'show stat' has no header.");
            var backends = ImmutableSortedDictionary.CreateBuilder<BackendKey, ServerCounters>();
            foreach (var section in layout.Sections)
                foreach (var slot in section.Slots)
                    if (section.Service is { } service && !slot.IsRetired && servers.TryGetValue((section.Name, slot.Name), out var counters))
                    {
                        var key = new BackendKey(service, slot.Server.Name);
                        backends[key] = backends.TryGetValue(key, out var other) ? other.Plus(counters) : counters;
                    }

            return backends.ToImmutable();
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"HAProxy does not answer within {options.AnswerMax.TotalSeconds:0.###} s.", e);
        }
    }
}
