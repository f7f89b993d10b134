using System.Collections.Immutable;
using Fleet.Cli.Keys;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm gslb key</c> prints.</summary>
internal static class KeyRenderer
{
    public static IRenderable List(ImmutableArray<KeyReport> keys)
    {
        var table = Tables.WithColumns("ZONE", "ROLE", ">TAG", "STATE", "SINCE", "NEXT", "DS");
        foreach (var key in keys)
            table.Row(key.Zone, key.Role.ToUpperInvariant(), key.Tag, key.State, key.Since, key.Next, key.Ds);
        return table;
    }

    public static IRenderable Change(KeyChange change) =>
        Tables.Stack([List(change.Keys), Text.Empty, .. change.Sentences.Select(IRenderable (sentence) => new Text(sentence))]);

    public static IRenderable Records(KeyRecords records) =>
        Tables.Stack([.. records.Ds.Concat(records.Cds).Concat(records.Cdnskey).Select(IRenderable (line) => new Text(line))]);
}
