namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>That this process leads, as etcd has it.</summary>
/// <param name="CreateRevision">When the leader's key came to be: no two that ever led have the same.</param>
/// <param name="Holder">What the key holds.</param>
internal sealed record EtcdStanding(long Term, long CreateRevision, long Lease, byte[] Holder)
{
    public byte[] Mark { get; } = new TermMark(Term, false).ToOctets();

    /// <summary>Fulfilled while it leads.</summary>
    public TxnCompare[] Leads(EtcdKeys keys) => [TxnCompare.Created(keys.Leader, CreateRevision), TxnCompare.Holds(keys.Term, Mark)];
}
