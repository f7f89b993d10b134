using System.Buffers.Binary;
using System.Net;
using Fleet.Benchmarks.Dns.Scenario;
using Fleet.Shared.Dns;

namespace Fleet.Benchmarks.Dns.Load;

/// <summary>
/// One query for each name, written beforehand and all of one length: A, class IN, EDNS with a client subnet of /24. Only id and subnet are patched
/// per query.
/// </summary>
public sealed class QuerySet
{
    private const int SubnetOctets = 3;
    private readonly byte[] _queries;

    /// <param name="isSigned">Asks for signatures (DO).</param>
    public QuerySet(Workload workload, bool isSigned = false)
    {
        byte[][] queries = [.. Enumerable.Range(0, workload.Names).Select(name => Write(Workload.FullName(name), isSigned))];
        Length = queries[0].Length;
        if (queries.Any(query => query.Length != Length))
            throw new ArgumentException("queries of one set are of one length", nameof(workload));
        _queries = [.. queries.SelectMany(query => query)];
        Count = queries.Length;
    }

    /// <summary>Octets of each query.</summary>
    public int Length { get; }

    /// <summary>Where in an answer the first record stands that is not the question, if the answer gives the question back.</summary>
    public int AnswerAt => Length - Edns.SizeMin - (8 + SubnetOctets);

    /// <summary>How many names are asked for.</summary>
    public int Count { get; }

    /// <summary>
    /// Writes the query for a name with this id and client network (host order, its last octet unused); <paramref name="to"/> has at least
    /// <see cref="Length"/> octets.
    /// </summary>
    public void Write(int name, ushort id, uint network, Span<byte> to)
    {
        _queries.AsSpan(name * Length, Length).CopyTo(to);
        BinaryPrimitives.WriteUInt16BigEndian(to, id);
        var subnet = to.Slice(Length - SubnetOctets, SubnetOctets);
        subnet[0] = (byte)(network >> 24);
        subnet[1] = (byte)(network >> 16);
        subnet[2] = (byte)(network >> 8);
    }

    /// <summary>The client subnet is the end of the OPT record, which is the end of the message.</summary>
    private static byte[] Write(string name, bool isSigned)
    {
        var edns = new Edns(Edns.PayloadSafe, 0, 0, isSigned, ClientSubnet.Truncate(IPAddress.Parse("16.32.64.0"), 24));
        var buffer = new byte[DnsQuery.SizeMax];
        var length = new DnsQuery(0, DnsName.Parse(name), DnsType.A) { Edns = edns }.Write(buffer);
        return buffer[..length].AsSpan()[^SubnetOctets..].SequenceEqual((byte[])[16, 32, 64])
            ? buffer[..length]
            : throw new InvalidOperationException("a query does not end in its client subnet");
    }
}
