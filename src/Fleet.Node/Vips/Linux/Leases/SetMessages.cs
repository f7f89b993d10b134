using System.Buffers.Binary;
using System.Text;
using Fleet.Node.Vips.Linux.Netlink;

namespace Fleet.Node.Vips.Linux.Leases;

/// <summary>
/// Elements of nftables sets in netlink, as linux/netfilter/nfnetlink.h and nf_tables.h define it: struct nfgenmsg of 4 octets (family, version,
/// resource), then attributes, their numbers in network order. What changes anything stands between a begin and an end, and is done whole or not at
/// all.
/// </summary>
internal static class SetMessages
{
    /// <summary>Elements of one message: a list of them ends at 64 KiB.</summary>
    public const int ElementsMax = 1000;

    /// <summary>Messages of a batch that are not acknowledged: its begin and its end.</summary>
    public const int Silent = 2;

    private const ushort BatchBegin = 0x10;
    private const ushort BatchEnd = 0x11;
    private const ushort NfTables = 10;
    private const ushort NewTable = NfTables << 8;
    private const ushort GetTable = (NfTables << 8) | 1;
    private const ushort NewElements = (NfTables << 8) | 12;
    private const ushort GetElements = (NfTables << 8) | 13;
    private const ushort DeleteElements = (NfTables << 8) | 14;
    private const int HeaderSize = 4;

    private const ushort TableName = 1; // NFTA_TABLE_
    private const ushort TableUserData = 6;
    private const byte CommentUserData = 0;
    private const ushort ListTable = 1; // NFTA_SET_ELEM_LIST_
    private const ushort ListSet = 2;
    private const ushort ListElements = 3;
    private const ushort ListElement = 1; // NFTA_LIST_ELEM
    private const ushort ElementKey = 1; // NFTA_SET_ELEM_
    private const ushort ElementTimeout = 4;
    private const ushort ElementExpiration = 5;
    private const ushort DataValue = 1; // NFTA_DATA_VALUE

    public static void WriteBegin(NetlinkWriter writer) => WriteEdge(writer, BatchBegin);

    public static void WriteEnd(NetlinkWriter writer) => WriteEdge(writer, BatchEnd);

    /// <summary>
    /// Adds elements, or has those that are there last so long from now on. Both times are named: without the expiration the kernel leaves an element
    /// that is there as it is. At most <see cref="ElementsMax"/> of them.
    /// </summary>
    public static void WriteAdd(NetlinkWriter writer, string table, string set, ReadOnlySpan<byte> keys, int keySize, TimeSpan? lasting)
    {
        WriteHeader(writer, NewElements, NetlinkFlags.Request | NetlinkFlags.Acknowledge | NetlinkFlags.Create, table, set);
        WriteList(writer, keys, keySize, lasting);
        writer.End();
    }

    /// <summary>Deletes elements. If one of them is not there, or has expired, the whole batch is refused.</summary>
    public static void WriteDelete(NetlinkWriter writer, string table, string set, ReadOnlySpan<byte> keys, int keySize)
    {
        WriteHeader(writer, DeleteElements, NetlinkFlags.Request | NetlinkFlags.Acknowledge, table, set);
        WriteList(writer, keys, keySize, null);
        writer.End();
    }

    /// <summary>Empties a set.</summary>
    public static void WriteFlush(NetlinkWriter writer, string table, string set)
    {
        WriteHeader(writer, DeleteElements, NetlinkFlags.Request | NetlinkFlags.Acknowledge, table, set);
        writer.End();
    }

    /// <summary>Asks for all elements of a set.</summary>
    public static void WriteDump(NetlinkWriter writer, string table, string set)
    {
        WriteHeader(writer, GetElements, NetlinkFlags.Request | NetlinkFlags.Dump, table, set);
        writer.End();
    }

    /// <summary>Asks for all tables of the family.</summary>
    public static void WriteTables(NetlinkWriter writer)
    {
        writer.Begin(GetTable, NetlinkFlags.Request | NetlinkFlags.Dump);
        writer.Bytes([LeaseSets.NetdevFamily, 0, 0, 0]);
        writer.End();
    }

    /// <summary>Adds the elements that a message of a dump names.</summary>
    public static void Read(in NetlinkMessage message, List<SetElement> elements)
    {
        if (message.Type != NewElements || message.Body.Length < HeaderSize)
            return;
        var list = new AttributeReader(AttributeReader.Find(message.Body[HeaderSize..], ListElements));
        while (list.TryRead(out _, out var element))
        {
            var key = AttributeReader.Find(AttributeReader.Find(element, ElementKey), DataValue);
            var left = AttributeReader.Find(element, ElementExpiration);
            elements.Add(new SetElement(
                key.ToArray(), left.Length == 8 ? TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt64BigEndian(left)) : TimeSpan.MaxValue));
        }
    }

    /// <summary>The name of a table and the comment that nft has given it, empty if there is none.</summary>
    public static bool TryReadTable(in NetlinkMessage message, out string name, out string comment)
    {
        (name, comment) = ("", "");
        if (message.Type != NewTable || message.Body.Length < HeaderSize)
            return false;
        var attributes = message.Body[HeaderSize..];
        name = Text(AttributeReader.Find(attributes, TableName));
        var data = AttributeReader.Find(attributes, TableUserData); // type and length, an octet each, then the value
        if (data.Length > 2 && data[0] == CommentUserData && data[1] <= data.Length - 2)
            comment = Text(data.Slice(2, data[1]));
        return true;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes.TrimEnd((byte)0));

    private static void WriteEdge(NetlinkWriter writer, ushort type)
    {
        writer.Begin(type, NetlinkFlags.Request);
        writer.Bytes([0, 0, 0, (byte)NfTables]); // whose batch it is
        writer.End();
    }

    private static void WriteHeader(NetlinkWriter writer, ushort type, ushort flags, string table, string set)
    {
        writer.Begin(type, flags);
        writer.Bytes([LeaseSets.NetdevFamily, 0, 0, 0]);
        writer.Attribute(ListTable, table);
        writer.Attribute(ListSet, set);
    }

    private static void WriteList(NetlinkWriter writer, ReadOnlySpan<byte> keys, int keySize, TimeSpan? lasting)
    {
        var list = writer.Open(ListElements);
        for (var at = 0; at < keys.Length; at += keySize)
        {
            var element = writer.Open(ListElement);
            var key = writer.Open(ElementKey);
            writer.Attribute(DataValue, keys.Slice(at, keySize));
            writer.Close(key);
            if (lasting is { } time)
            {
                writer.AttributeBigEndian(ElementTimeout, (ulong)time.TotalMilliseconds);
                writer.AttributeBigEndian(ElementExpiration, (ulong)time.TotalMilliseconds);
            }

            writer.Close(element);
        }

        writer.Close(list);
    }
}
