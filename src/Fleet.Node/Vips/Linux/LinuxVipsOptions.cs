using Fleet.Node.Vips.Linux.Leases;

namespace Fleet.Node.Vips.Linux;

/// <summary>How VIPs are held on this host.</summary>
internal sealed record LinuxVipsOptions
{
    /// <summary>Where clients find the VIPs, such as <c>eth0</c>.</summary>
    public required string Interface { get; init; }

    /// <summary>The nftables table, of the family netdev, which belongs to Fleet alone.</summary>
    public string Table { get; init; } = "fleet-vips";

    /// <summary>How long to wait for somebody who has a VIP to say so before it is taken. Hosts of one network answer within a millisecond.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long one order may add addresses; what is left is added by the next. A renewal waits no longer than that.</summary>
    public TimeSpan AddingMax { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes rules true.</summary>
    public Action<string> LoadRules { get; init; } = NftProgram.Load;
}
