using System.Collections.Immutable;
using Fleet.Node.Vips.Linux.Announcing;
using Fleet.Node.Vips.Linux.Conflicts;
using Fleet.Node.Vips.Linux.Leases;
using Fleet.Node.Vips.Linux.Netlink;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Vips.Linux;

/// <summary>
/// VIPs that are addresses of an interface. The kernel enforces the lease (<see cref="LeaseRules"/>), and the neighbours are told who has a VIP. In
/// which order things are done, and why: docs/decisions/0021-leased-vips.md. Disposing it leaves everything as it is, until the lease's end, for the
/// next agent to find.
/// </summary>
internal sealed partial class LinuxVips : IHostVips
{
    /// <summary>When what was announced is announced once more: the first frame may have been lost.</summary>
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(100);

    private const string LeaseEnded = "the lease ended before it was taken";

    private readonly LinuxVipsOptions _options;
    private readonly MonotonicClock _clock;
    private readonly ILogger<LinuxVips> _logger;
    private readonly LinuxHost _host;
    private readonly LeaseRenewal _renewal;
    private readonly ProbeRound _probes = new();
    private readonly ConflictLedger _conflicts = new();
    private readonly Turns _turn = new();
    private readonly List<Task> _repeats = [];
    private readonly CancellationTokenSource _end = new();
    private Announcer _announcer;
    private ImmutableSortedSet<VipAddress> _held;
    private Instant _until;
    private bool _mustLook;

    private LinuxVips(LinuxVipsOptions options, MonotonicClock clock, ILogger<LinuxVips> logger, LinuxHost host)
    {
        (_options, _clock, _logger, _host) = (options, clock, logger, host);
        (Found, _until) = Adoption.Adopt(host, clock);
        _held = Found;
        _renewal = new LeaseRenewal(host.Table, clock);
        _announcer = new Announcer(host.Link);
    }

    /// <inheritdoc/>
    public ImmutableSortedSet<VipAddress> Found { get; }

    /// <summary>VIPs that are held here and that somebody else answers for.</summary>
    public ImmutableSortedDictionary<VipAddress, VipConflict> Conflicts => _conflicts.Current;

    /// <inheritdoc/>
    public ImmutableSortedDictionary<VipAddress, string> Rivals =>
        Conflicts.ToImmutableSortedDictionary(conflict => conflict.Key, conflict => VipClaim.Text(conflict.Value.Mac));

    /// <summary>
    /// Cleans up what an earlier agent has left, and goes on with what it held. In the network namespace of the calling thread.
    /// </summary>
    /// <exception cref="IOException">This host or this process cannot hold VIPs; the message says why.</exception>
    public static LinuxVips Open(LinuxVipsOptions options, MonotonicClock clock, ILogger<LinuxVips> logger)
    {
        var host = new LinuxHost(options);
        try
        {
            return new LinuxVips(options, clock, logger, host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public async Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(
        ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        try
        {
            return await TryHoldAsync(vips, until, cancellation);
        }
        catch (NetlinkException e) when (e.Error == Errno.NoDevice)
        {
            _mustLook = true; // Without the interface there are no addresses, so nothing is held.
            _held = [];
            return FailedBecause(vips, e.Message);
        }
        catch (NetlinkException e) when (e.Error == Errno.NotFound && !_host.HasRules)
        {
            Restore(); // Somebody has removed the table, as firewalls do that begin with "flush ruleset".
            return await TryHoldAsync(vips, until, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        using var turn = await _turn.TakeAsync(cancellation);
        LetGo(_host.Managed);
        _host.RemoveRules();
    }

    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
            return;
        await _end.CancelAsync();
        await Task.WhenAll(_repeats);
        _announcer.Dispose();
        _host.Dispose();
    }

    private async Task<ImmutableSortedDictionary<VipAddress, string>> TryHoldAsync(
        ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
    {
        _mustLook |= _host.HasChanged();
        if (_mustLook)
            Look();
        _mustLook = false;
        if (_clock.Now >= _until)
            _held = []; // The kernel has let go. Who has them now is not known: they are taken like new ones.
        var kept = ReferenceEquals(vips, _held) ? vips : _held.Intersect(vips);
        var hasTime = _clock.Now < until && (kept.IsEmpty || _renewal.TryHold(kept, until));
        (_held, _until) = hasTime ? (kept, until) : ([], Instant.Never);
        LetGo(hasTime ? _host.Managed.Except(vips) : _host.Managed);
        var failed = hasTime
            ? await TakeAsync(kept.Count == vips.Count ? [] : vips.Except(kept), until, cancellation)
            : FailedBecause(vips, LeaseEnded);
        if (_held.Count == vips.Count)
            _held = vips; // so that a renewal of the same is known by its reference
        ReadClaims();
        _announcer.Probe(_probes.Next(_held, _clock.Now));
        return _host.Link.IsUp ? failed : FailedBecause(vips, $"the interface {_host.Link.Name} is down");
    }

    private static ImmutableSortedDictionary<VipAddress, string> FailedBecause(IEnumerable<VipAddress> vips, string why) =>
        vips.ToImmutableSortedDictionary(vip => vip, _ => why);

    /// <summary>
    /// The order is: rules that drop the VIP, the question whose it is, the address, the answer, the lease, and then the announcement.
    /// </summary>
    private async Task<ImmutableSortedDictionary<VipAddress, string>> TakeAsync(
        ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
    {
        var failed = FailedBecause(vips.Where(_host.Others.Contains), "it is an address of this host already, and not one that Fleet has added");
        vips = vips.Except(failed.Keys);
        if (vips.IsEmpty)
            return failed;
        _host.Manage(vips);
        ReadClaims(); // What was claimed until now is no answer to this.
        _announcer.Probe(vips);
        var asked = _clock.Now;
        failed = failed.AddRange(_host.AddAddresses(vips));
        var wait = asked + _options.AnswerMax - _clock.Now;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, _clock.Time, cancellation);
        foreach (var claim in ReadClaims().Where(claim => vips.Contains(claim.Vip) && !_host.Macs.Contains(claim.Mac)))
            failed = failed.SetItem(claim.Vip, $"it is answered by {VipClaim.Text(claim.Mac)}, which is not this node");
        var taken = vips.Except(failed.Keys);
        LetGo(vips.Intersect(failed.Keys));
        if (taken.IsEmpty || !_renewal.TryHold(taken, until))
            return failed.AddRange(FailedBecause(taken, LeaseEnded));
        _held = _held.Union(taken);
        _announcer.Announce(taken);
        _repeats.RemoveAll(repeat => repeat.IsCompleted);
        _repeats.Add(RepeatAsync(taken));
        return failed;
    }

    private async Task RepeatAsync(ImmutableSortedSet<VipAddress> vips)
    {
        try
        {
            await Task.Delay(RepeatAfter, _clock.Time, _end.Token);
            using var turn = await _turn.TakeAsync(_end.Token);
            _announcer.Announce(vips.Intersect(_held));
        }
        catch (OperationCanceledException)
        {
            // The agent goes.
        }
    }

    private void LetGo(IReadOnlyCollection<VipAddress> vips)
    {
        if (_host.LetGo(vips) is { } why)
            LogConnectionsLeft(_logger, why);
    }

    private ImmutableArray<VipClaim> ReadClaims()
    {
        var claims = _host.TakeClaims();
        foreach (var conflict in _conflicts.Note(claims, _held, _host.Macs, _clock.Now))
            LogConflict(_logger, conflict);
        return claims;
    }

    /// <summary>Something has changed about interfaces or addresses; most often it was this agent.</summary>
    private void Look()
    {
        var before = _host.Link;
        _host.Look();
        var link = _host.Link;
        if (link.Index != before.Index || !link.Mac.Equals(before.Mac))
        {
            _announcer.Dispose();
            _announcer = new Announcer(link);
        }

        if (link.Index != before.Index)
            Restore();
        else if (!link.Mac.Equals(before.Mac) || (link.IsUp && !before.IsUp))
            _held = []; // The neighbours have to be told anew.
        _held = [.. _held.Where(_host.HasAddress)];
    }

    private void Restore()
    {
        LogRulesLost(_logger, _options.Table);
        _host.LoadRules();
        _held = [];
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The nftables table {Table} was removed, or has lost its interface: it is made anew. Meanwhile nothing has enforced the lease.")]
    private static partial void LogRulesLost(ILogger logger, string table);

    [LoggerMessage(Level = LogLevel.Error, Message = "Conflict: {Conflict}.")]
    private static partial void LogConflict(ILogger logger, VipConflict conflict);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Connections of VIPs that this node lets go of were not ended: {Why}.")]
    private static partial void LogConnectionsLeft(ILogger logger, string why);
}
