using System.Collections.Immutable;

namespace Fleet.Shared.Hocon;

/// <summary>
/// The parsed tree to values: heads are found lazily (<see cref="HoconHeads"/>), then fields and items below them.
/// A definition that is met again inside its own value is a cycle; depth and size are bounded, so that every text ends.
/// </summary>
internal sealed class HoconResolver
{
    const int DepthMax = 2 * HoconParser.DepthMax;
    const long WeightMax = 1_000_000;

    readonly HoconHeads _heads;
    readonly IList<ConfigError> _errors;
    readonly HashSet<HoconNode> _open = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<HoconNode, HoconValue?> _known = new(ReferenceEqualityComparer.Instance);
    HoconPath _path = HoconPath.Root;
    int _depth;
    bool _full;

    HoconResolver(HoconNode.Object root, Func<string, string?> environment, IList<ConfigError> errors) =>
        (_heads, _errors) = (new HoconHeads(root, environment, errors), errors);

    /// <param name="root">An object; an array at the root is resolved against an empty one.</param>
    public static HoconValue Resolve(HoconNode root, Func<string, string?> environment, IList<ConfigError> errors)
    {
        var resolver = new HoconResolver(root as HoconNode.Object ?? new HoconNode.Object(root.Origin), environment, errors);
        return resolver.Field([new HoconDefinition(root, null, 0)]) ?? new HoconValue.Null(root.Origin);
    }

    /// <summary>The value of a field from its definitions, latest first; null where all of them are undefined.</summary>
    HoconValue? Field(List<HoconDefinition> definitions)
    {
        var only = definitions.Count == 1 && definitions[0].Node is HoconNode.Substitution or HoconNode.Concatenation ? definitions[0].Node : null;
        if (only is not null && _known.TryGetValue(only, out var known))
            return known;
        var origin = definitions[0].Node.Origin;
        var opened = new List<HoconNode>();
        foreach (var (node, _, _) in definitions)
        {
            if (node is not (HoconNode.Substitution or HoconNode.Concatenation))
                continue;
            if (_open.Add(node))
                opened.Add(node);
            else
                return Cycle(node, opened);
        }
        var value = _depth >= DepthMax ? Refuse(origin, $"nesting deeper than {DepthMax}") : Below(_heads.Resolve(definitions, null));
        _open.ExceptWith(opened);
        if (only is not null)
            _known[only] = value;
        return value;
    }

    HoconValue? Below(HoconHead head)
    {
        _depth++;
        var value = head switch
        {
            HoconHead.Scalar scalar => scalar.Value,
            HoconHead.Items items => Array(items),
            HoconHead.Objects objects => Object(objects),
            _ => null,
        };
        _depth--;
        if (value is null || value.Weight <= WeightMax)
            return value;
        return Refuse(value.Origin, "a value that substitutions made very large");
    }

    HoconValue.Array Array(HoconHead.Items items)
    {
        var values = ImmutableArray.CreateBuilder<HoconValue>(items.Nodes.Length);
        foreach (var node in items.Nodes)
            if (Field([new HoconDefinition(node, null, 0)]) is { } value)
                values.Add(value);
        return new HoconValue.Array(values.ToImmutable(), items.Origin);
    }

    HoconValue.Object Object(HoconHead.Objects objects)
    {
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, HoconValue>>();
        var outer = _path;
        foreach (var key in objects.Parts.Reverse().SelectMany(p => p.Keys).Distinct(StringComparer.Ordinal))
        {
            _path = outer.Then(key);
            if (Field(HoconHeads.Definitions(objects, key, null)) is { } value)
                fields.Add(KeyValuePair.Create(key, value));
        }
        _path = outer;
        return new HoconValue.Object(fields.ToImmutable(), objects.Origin);
    }

    HoconValue.Broken Cycle(HoconNode node, List<HoconNode> opened)
    {
        _open.ExceptWith(opened);
        var field = node is HoconNode.Substitution substitution ? substitution.Field : ((HoconNode.Concatenation)node).Field;
        _errors.Add(new ConfigError(node.Origin, field.ToString(), "a value that contains itself", "a substitution that leads out of its own value"));
        return new HoconValue.Broken(node.Origin);
    }

    HoconValue.Broken Refuse(HoconOrigin origin, string found)
    {
        if (!_full)
            _errors.Add(new ConfigError(origin, _path.ToString(), found, $"at most {DepthMax} levels and {WeightMax} values"));
        _full = true;
        return new HoconValue.Broken(origin);
    }
}
