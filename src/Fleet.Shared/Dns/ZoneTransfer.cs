using System.Collections.Immutable;

namespace Fleet.Shared.Dns;

/// <summary>
/// The asking side of a signed zone transfer, RFC 5936: takes the messages of the answer one by one, until the SOA record comes again.
/// </summary>
public sealed class ZoneTransfer(DnsName zone, ushort id, TsigKey key, byte[] requestMac)
{
    /// <summary>Octets of the largest zone that is taken.</summary>
    public const int OctetsMax = 64 * 1024 * 1024;

    private readonly TsigStream _signatures = new(key, requestMac);
    private readonly ImmutableArray<DnsRecord>.Builder _records = ImmutableArray.CreateBuilder<DnsRecord>();
    private int _octets;
    private DnsRecord? _start;

    /// <summary>Everything has come, and is signed.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The zone's records, its SOA first and once.</summary>
    public ImmutableArray<DnsRecord> Records => _records.ToImmutable();

    /// <summary>Takes the next message; null while all is well, else why the transfer is over.</summary>
    public DnsFailure? Take(ReadOnlySpan<byte> message, ulong nowSeconds)
    {
        if (!DnsReply.TryRead(message, out var reply))
            return DnsFailure.Unreadable;
        var check = _signatures.Take(message, nowSeconds);
        if (DnsFailure.Classify(reply.Header, id, check) is { } failure)
            return failure;
        if ((_octets += message.Length) > OctetsMax)
            return new DnsFailure(DnsFailureKind.Unreadable, $"the zone is larger than {OctetsMax / 1024 / 1024} MiB");
        foreach (var record in reply.Answers)
        {
            if (!TryTake(record))
                return DnsFailure.Unreadable;
        }

        return IsComplete && !_signatures.IsSealed ? new DnsFailure(DnsFailureKind.Untrusted, "the end of the transfer is not signed") : null;
    }

    private bool TryTake(DnsRecord record)
    {
        if (IsComplete || (_start is null) != (_records.Count == 0) || (_start is null && !IsStart(record)))
            return false;
        if (_start is null)
            _start = record;
        else if (record.Type == DnsType.Soa && record.Name.Equals(zone))
            IsComplete = true;
        if (!IsComplete)
            _records.Add(record);
        return true;
    }

    private bool IsStart(DnsRecord record) => record.Type == DnsType.Soa && record.Name.Equals(zone);
}
