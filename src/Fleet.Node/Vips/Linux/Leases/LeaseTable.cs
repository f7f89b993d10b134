using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Vips.Linux.Netlink;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Leases;

/// <summary>
/// The sets of the table, read and changed by netlink, without a process. That the table is not there is <see cref="Errno.NotFound"/>.
/// </summary>
internal sealed class LeaseTable(string name) : IDisposable
{
    private const int RemoveTriesMax = 20;
    private readonly NetlinkSocket _socket = new(NetlinkSocket.Netfilter);
    private readonly NetlinkWriter _writer = new();
    private readonly byte[] _keys = new byte[SetMessages.ElementsMax * 16];

    /// <summary>The comment of the table; null if there is no table.</summary>
    public string? Comment()
    {
        string? found = null;
        _writer.Clear();
        SetMessages.WriteTables(_writer);
        _socket.Dump(_writer, "the nftables tables of this host", (in NetlinkMessage message) =>
        {
            if (SetMessages.TryReadTable(message, out var table, out var comment) && table == name)
                found = comment;
        });
        return found;
    }

    public ImmutableArray<SetElement> Elements(string set)
    {
        var elements = new List<SetElement>();
        _writer.Clear();
        SetMessages.WriteDump(_writer, name, set);
        _socket.Dump(_writer, $"the set {set} of {name}", (in NetlinkMessage message) => SetMessages.Read(message, elements));
        return [.. elements];
    }

    /// <summary>VIPs of a pair of sets, one for each family, and for how long they are in it.</summary>
    public ImmutableSortedDictionary<VipAddress, TimeSpan> Vips(Func<bool, string> setOf) =>
        Elements(setOf(false)).Concat(Elements(setOf(true)))
            .ToImmutableSortedDictionary(element => new VipAddress(new IPAddress(element.Key)), element => element.Left);

    /// <summary>Adds VIPs, each to the set of its family.</summary>
    public void Add(Func<bool, string> setOf, IEnumerable<VipAddress> vips)
    {
        _writer.Clear();
        SetMessages.WriteBegin(_writer);
        WriteAdds(setOf, vips, null);
        SetMessages.WriteEnd(_writer);
        Check(_socket.Exchange(_writer, SetMessages.Silent), "adding VIPs");
    }

    /// <summary>Removes VIPs. Some may not be there, and some may expire meanwhile: it looks what is there, and again if that was refused.</summary>
    public void Remove(Func<bool, string> setOf, IEnumerable<VipAddress> vips)
    {
        var unwanted = vips.ToHashSet();
        for (var i = 0; ; i++)
        {
            var there = Vips(setOf).Keys.Where(unwanted.Contains).ToArray();
            if (there.Length == 0)
                return;
            _writer.Clear();
            SetMessages.WriteBegin(_writer);
            foreach (var (set, count, keySize) in Chunks(setOf, there))
                SetMessages.WriteDelete(_writer, name, set, _keys.AsSpan(0, count * keySize), keySize);
            SetMessages.WriteEnd(_writer);
            var errors = _socket.Exchange(_writer, SetMessages.Silent);
            if (errors.Count == 0)
                return;
            if (i == RemoveTriesMax || errors.Values.Any(error => error != Errno.NotFound))
                Check(errors, "removing VIPs");
        }
    }

    /// <summary>Empties a set.</summary>
    public void Flush(string set)
    {
        _writer.Clear();
        SetMessages.WriteBegin(_writer);
        SetMessages.WriteFlush(_writer, name, set);
        SetMessages.WriteEnd(_writer);
        Check(_socket.Exchange(_writer, SetMessages.Silent), "emptying a set");
    }

    /// <summary>Sets a deadline: an element with that number, which is gone after that time.</summary>
    public void AddDeadline(uint number, TimeSpan lasting)
    {
        _writer.Clear();
        SetMessages.WriteBegin(_writer);
        SetMessages.WriteAdd(_writer, name, LeaseSets.Deadlines, BitConverter.GetBytes(number), sizeof(uint), lasting);
        SetMessages.WriteEnd(_writer);
        Check(_socket.Exchange(_writer, SetMessages.Silent), "setting a deadline");
    }

    /// <summary>Has VIPs held for so long from now on; returns false, and changes nothing, if the deadline of that number has passed.</summary>
    public bool TryHold(IEnumerable<VipAddress> vips, TimeSpan lasting, uint deadline)
    {
        _writer.Clear();
        SetMessages.WriteBegin(_writer);
        SetMessages.WriteDelete(_writer, name, LeaseSets.Deadlines, BitConverter.GetBytes(deadline), sizeof(uint));
        var condition = _writer.Sequence;
        WriteAdds(LeaseSets.Held, vips, lasting);
        SetMessages.WriteEnd(_writer);
        var errors = _socket.Exchange(_writer, SetMessages.Silent);
        if (errors is { Count: > 0 } && errors.All(error => error.Key == condition && error.Value == Errno.NotFound))
            return false;
        Check(errors, "renewing the lease");
        return true;
    }

    public void Dispose() => _socket.Dispose();

    private static void Check(Dictionary<uint, int> errors, string what)
    {
        if (errors.Count > 0)
            throw new NetlinkException(what, errors.Values.First());
    }

    private void WriteAdds(Func<bool, string> setOf, IEnumerable<VipAddress> vips, TimeSpan? lasting)
    {
        foreach (var (set, count, keySize) in Chunks(setOf, vips))
            SetMessages.WriteAdd(_writer, name, set, _keys.AsSpan(0, count * keySize), keySize, lasting);
    }

    /// <summary>Fills the buffer of keys with what fits one message, and again, by family; the caller writes it before it asks for more.</summary>
    private IEnumerable<(string Set, int Count, int KeySize)> Chunks(Func<bool, string> setOf, IEnumerable<VipAddress> vips)
    {
        foreach (var isV6 in new[] { false, true })
        {
            var (count, keySize) = (0, isV6 ? 16 : 4);
            foreach (var vip in vips)
            {
                if (vip.IsV6 != isV6)
                    continue;
                vip.Value.TryWriteBytes(_keys.AsSpan(count * keySize), out _);
                if (++count < SetMessages.ElementsMax)
                    continue;
                yield return (setOf(isV6), count, keySize);
                count = 0;
            }

            if (count > 0)
                yield return (setOf(isV6), count, keySize);
        }
    }
}
