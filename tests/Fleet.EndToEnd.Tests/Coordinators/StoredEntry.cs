using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Demo.Servers;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>One entry of the journal as it lies in etcd, read without the coordinator's own code.</summary>
internal sealed record StoredEntry(long Revision, long Term, JsonObject Json)
{
    private const string Prefix = "/fleet/journal/";
    private const int PageSize = 500;

    /// <summary>All there are, in the order of their keys.</summary>
    public static async Task<ImmutableArray<StoredEntry>> AllAsync(EtcdCluster etcd)
    {
        var entries = ImmutableArray.CreateBuilder<StoredEntry>();
        for (var from = Prefix; ;)
        {
            var page = await etcd.Admin.CallAsync(
                etcd.Members[0],
                "/v3/kv/range",
                new JsonObject { ["key"] = Base64(from), ["range_end"] = Base64($"{Prefix[..^1]}0"), ["limit"] = PageSize },
                CancellationToken.None);
            var found = page["kvs"]?.AsArray() ?? [];
            foreach (var pair in found)
                entries.Add(Read($"{pair!["key"]}", $"{pair["value"]}"));
            if (found.Count < PageSize)
                return entries.ToImmutable();
            // A byte behind the last one.
            from = $"{Text($"{found[^1]!["key"]}")}\0";
        }
    }

    private static StoredEntry Read(string key, string value)
    {
        var json = JsonNode.Parse(Text(value))!.AsObject();
        Text(key).ShouldBe($"{Prefix}{json["revision"]!.GetValue<long>():D20}");
        return new StoredEntry(json["revision"]!.GetValue<long>(), json["term"]!.GetValue<long>(), json);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
