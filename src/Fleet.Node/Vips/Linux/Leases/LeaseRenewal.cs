using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Vips.Linux.Leases;

/// <summary>
/// Has the kernel hold VIPs until a moment, and never a moment longer, whenever this process is stopped. The kernel takes durations, so a process
/// that is stopped after it has read the clock would ask, when it wakes, for time that has passed. Therefore a deadline comes first: an element that
/// lasts for <c>grace</c>. Only then the clock is read, and what is left of the lease without the grace is asked for in a batch that also deletes the
/// deadline. If that has passed the kernel refuses the batch: nothing is held, and it is tried again with more grace. If it has not, no more than the
/// grace has gone by since the clock was read.
/// </summary>
internal sealed class LeaseRenewal(LeaseTable table, MonotonicClock clock)
{
    /// <summary>Two ticks of a kernel with 250 of them a second. A lease ends so much too early.</summary>
    private static readonly TimeSpan GraceMin = TimeSpan.FromMilliseconds(8);

    /// <summary>What is shorter is not worth holding: the kernel counts in ticks.</summary>
    private static readonly TimeSpan LeftMin = TimeSpan.FromMilliseconds(4);

    private uint _number = (uint)Environment.ProcessId << 16;

    /// <summary>
    /// Returns false if no time is left for it; then nothing has changed. Names all VIPs that are to be held, those that are held already as well.
    /// </summary>
    public bool TryHold(IReadOnlyCollection<VipAddress> vips, Instant until)
    {
        for (var grace = GraceMin; ; grace *= 2)
        {
            table.AddDeadline(++_number, grace);
            var left = until - clock.Now - grace;
            if (left < LeftMin)
                return false;
            if (table.TryHold(vips, left, _number))
                return true;
        }
    }
}
