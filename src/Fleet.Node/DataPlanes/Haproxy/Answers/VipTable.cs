using System.Collections.Immutable;
using System.Globalization;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>
/// The answer to <c>show table</c>: a line for each VIP, with its fields by name (management.txt, section 9.3). Lines that make no sense are left
/// out.
/// </summary>
/// <remarks>
/// Bytes of HTTP are those of HAProxy's own form of a message: for each message 15 more than went over the wire, and 4 less for each of its fields.
/// </remarks>
internal static class VipTable
{
    /// <summary>Null for what is no table.</summary>
    public static ImmutableSortedDictionary<VipAddress, VipCounters>? TryRead(string answer)
    {
        if (!answer.StartsWith("# table:", StringComparison.Ordinal))
            return null;
        var vips = ImmutableSortedDictionary.CreateBuilder<VipAddress, VipCounters>();
        foreach (var line in answer.Split('\n'))
        {
            if (TryReadRow(line) is { } row)
                vips[row.Vip] = row.Counters;
        }

        return vips.ToImmutable();
    }

    private static (VipAddress Vip, VipCounters Counters)? TryReadRow(string line)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
                fields[word[..equals]] = word[(equals + 1)..];
        }

        if (!fields.TryGetValue("key", out var key) || !VipAddress.TryParse(key, out var vip))
            return null;
        vip = vip.Value.IsIPv4MappedToIPv6 ? new VipAddress(vip.Value.MapToIPv4()) : vip;
        var active = (int)Math.Min(int.MaxValue, Number("conn_cur"));
        return (vip, new VipCounters(Number("bytes_in_cnt"), Number("bytes_out_cnt"), Number("conn_cnt"), Number("http_req_cnt"), active));

        long Number(string name) =>
            long.TryParse(fields.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
