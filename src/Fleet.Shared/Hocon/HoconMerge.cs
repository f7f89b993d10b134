using System.Collections.Immutable;

namespace Fleet.Shared.Hocon;

/// <summary>Resolved objects laid over each other, as duplicate keys of one file are (HOCON, "Config object merging").</summary>
internal static class HoconMerge
{
    public static HoconValue.Object Over(HoconValue.Object below, HoconValue.Object above)
    {
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, HoconValue>>();
        foreach (var (key, value) in below.Fields)
        {
            var merged = (value, above[key]) switch
            {
                (HoconValue.Object b, HoconValue.Object a) => Over(b, a),
                (_, { } a) => a,
                _ => value,
            };
            fields.Add(KeyValuePair.Create(key, merged));
        }
        fields.AddRange(above.Fields.Where(f => below[f.Key] is null));
        return new HoconValue.Object(fields.ToImmutable(), above.Origin);
    }
}
