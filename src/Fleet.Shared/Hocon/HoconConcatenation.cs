using System.Collections.Immutable;
using System.Text;

namespace Fleet.Shared.Hocon;

/// <summary>
/// Values side by side, once their kinds are known (HOCON, "Value concatenation"): simple ones make a string with the blanks between them kept,
/// arrays are chained, objects merged; mixing kinds is a mistake. An undefined value counts as empty; if all are undefined, so is the whole.
/// </summary>
internal static class HoconConcatenation
{
    const int TextMax = 1_000_000;
    const int ItemsMax = 100_000;

    public static HoconHead Join(HoconNode.Concatenation node, HoconHead[] heads, IList<ConfigError> errors)
    {
        var (pieces, origin) = (node.Pieces, node.Origin);
        var defined = heads.Where(h => h is not HoconHead.Undefined).ToList();
        var blanks = pieces.Any(p => p is HoconNode.Blank);
        if (defined.FirstOrDefault(h => h is HoconHead.Scalar { Value: HoconValue.Broken }) is { } broken)
            return broken;
        if (defined.Count == 0 && !blanks)
            return new HoconHead.Undefined();
        if (defined.Count > 0 && defined.All(h => h is HoconHead.Objects))
            return Objects(defined, origin);
        if (defined.Any(h => h is HoconHead.Items) && defined.All(h => h is HoconHead.Items || Indexed(h) is not null))
            return Items(node, [.. defined.Select(h => h is HoconHead.Items items ? items.Nodes : Indexed(h)!.Value)], errors);
        if (defined.All(h => h is HoconHead.Scalar))
            return defined.Count == 1 && !blanks ? defined[0] : Text(node, heads, errors);

        var kinds = string.Join(" beside ", defined.Select(Kind).Distinct(StringComparer.Ordinal));
        return Refuse(node, errors, kinds, "only arrays, only objects or only simple values side by side");
    }

    static HoconHead Items(HoconNode.Concatenation node, List<ImmutableArray<HoconNode>> arrays, IList<ConfigError> errors) =>
        arrays.Sum(a => (long)a.Length) <= ItemsMax
            ? new HoconHead.Items([.. arrays.SelectMany(a => a)], node.Origin)
            : Refuse(node, errors, "a very long array", $"at most {ItemsMax} items");

    static HoconHead.Objects Objects(IEnumerable<HoconHead> heads, HoconOrigin origin) =>
        heads.Cast<HoconHead.Objects>().Reverse().Aggregate((above, below) => above.Over(below)) with { Origin = origin };

    /// <summary>An object with numbers as keys, as the array it stands for.</summary>
    static ImmutableArray<HoconNode>? Indexed(HoconHead head)
    {
        if (head is not HoconHead.Objects objects
            || HoconPieces.IndexKeys(objects.Parts.SelectMany(p => p.Keys).Distinct(StringComparer.Ordinal)) is not { } keys)
            return null;
        return [.. keys.Select(k => objects.Parts.First(p => p[k] is not null)[k]!.Definitions[^1])];
    }

    static HoconHead.Scalar Text(HoconNode.Concatenation node, HoconHead[] heads, IList<ConfigError> errors)
    {
        var text = new StringBuilder();
        for (var i = 0; i < heads.Length && text.Length <= TextMax; i++)
            text.Append(
                node.Pieces[i] is HoconNode.Blank blank ? blank.Text : heads[i] is HoconHead.Scalar scalar ? HoconPieces.TextOf(scalar.Value) : "");
        return text.Length <= TextMax
            ? new HoconHead.Scalar(new HoconValue.String(text.ToString(), node.Origin))
            : Refuse(node, errors, "a very long text", $"at most {TextMax} characters");
    }

    static string Kind(HoconHead head) => head switch
    {
        HoconHead.Items => "an array",
        HoconHead.Objects => "an object",
        _ => "a simple value",
    };

    static HoconHead.Scalar Refuse(HoconNode.Concatenation node, IList<ConfigError> errors, string found, string allowed)
    {
        errors.Add(new ConfigError(node.Origin, node.Field.ToString(), found, allowed));
        return new HoconHead.Scalar(new HoconValue.Broken(node.Origin));
    }
}
