namespace Fleet.Shared.Protocol;

/// <summary>Counters of one VIP on one node since that node's data plane took it; all but <see cref="Active"/> only grow.</summary>
/// <param name="BytesIn">From clients.</param>
/// <param name="BytesOut">To clients.</param>
/// <param name="Connections">Accepted.</param>
/// <param name="Requests">HTTP requests begun; 0 for TCP listeners.</param>
/// <param name="Active">Connections open now.</param>
public sealed record VipCounters(long BytesIn, long BytesOut, long Connections, long Requests, int Active)
{
    public static readonly VipCounters Zero = new(0, 0, 0, 0, 0);
}
