
namespace Fleet.Shared.Hocon;

/// <summary>
/// Follows substitutions and concatenations just far enough to know a definition's kind (HOCON, "Self-Referential Substitutions"). A reference sees
/// the final value of its path. Where it would see itself, it sees what was defined before it. Each substitution is followed once and its answer
/// kept, so that it means the same wherever it is asked for.
/// </summary>
internal sealed class HoconHeads(HoconNode.Object root, Func<string, string?> environment, IList<ConfigError> errors)
{
    /// <summary>Stops texts whose references were made to follow each other without end.</summary>
    const int StepsMax = 2_000_000;
    const int ChainMax = 150;

    static readonly HoconHead Undefined = new HoconHead.Undefined();

    readonly Dictionary<HoconNode, HoconHead> _known = new(ReferenceEqualityComparer.Instance);
    long _steps;
    bool _refused;
    int _chain;

    /// <summary>
    /// The head of a field from its definitions, latest first: objects merge down to the first non-object, which hides all below it.
    /// </summary>
    public HoconHead Resolve(IReadOnlyList<HoconDefinition> definitions, HoconObservations? sight)
    {
        _steps += definitions.Count;
        HoconHead.Objects? merged = null;
        foreach (var definition in definitions)
        {
            var head = Resolve(definition, sight);
            if (head is HoconHead.Undefined)
                continue;
            if (head is not HoconHead.Objects objects)
                return merged ?? head;
            merged = merged is null ? objects : merged.Over(objects);
            _steps += merged.Parts.Length;
        }
        return merged ?? Undefined;
    }

    /// <summary>All visible definitions of a key in merged objects, latest first.</summary>
    public static List<HoconDefinition> Definitions(HoconHead.Objects objects, string key, HoconObservations? sight)
    {
        var definitions = new List<HoconDefinition>();
        foreach (var part in objects.Parts)
            if (part[key] is { } slot)
                for (var i = HoconObservations.Visible(sight, slot) - 1; i >= 0; i--)
                    definitions.Add(new HoconDefinition(slot.Definitions[i], slot, i));
        return definitions;
    }

    HoconHead Resolve(HoconDefinition definition, HoconObservations? sight)
    {
        switch (definition.Node)
        {
            case HoconNode.Scalar scalar:
                return new HoconHead.Scalar(scalar.Value);
            case HoconNode.Array array:
                return new HoconHead.Items([.. array.Items], array.Origin);
            case HoconNode.Object o:
                return new HoconHead.Objects([o], o.Origin);
            case HoconNode.Earlier when definition.Slot is { } slot:
                return Resolve([.. slot.Definitions.Take(definition.Index).Select((n, i) => new HoconDefinition(n, slot, i)).Reverse()], sight);
            case HoconNode.Substitution or HoconNode.Concatenation:
                return _known.TryGetValue(definition.Node, out var known) ? known : Follow(definition, sight);
            default:
                return Broken(definition.Node.Origin);
        }
    }

    HoconHead Follow(HoconDefinition definition, HoconObservations? sight)
    {
        // While a definition is followed, it and all that override it are out of its own sight.
        if (definition.Slot is { } slot)
            sight = new HoconObservations(slot, definition.Index, sight);
        HoconHead head;
        _chain++;
        if (_chain > ChainMax || _steps > StepsMax)
            head = Refuse(definition.Node.Origin);
        else if (definition.Node is HoconNode.Substitution substitution)
            head = Substituted(substitution, sight);
        else
        {
            var node = (HoconNode.Concatenation)definition.Node;
            head = HoconConcatenation.Join(
                node, [.. node.Pieces.Select(p => p is HoconNode.Blank ? Undefined : Resolve(definition with { Node = p }, sight))], errors);
        }
        _chain--;
        return _known[definition.Node] = head;
    }

    HoconHead Substituted(HoconNode.Substitution substitution, HoconObservations? sight)
    {
        var head = Undefined;
        // An included file's path is looked up below the place of its include, then from the root (HOCON, "Include semantics: substitution").
        if (substitution.Scope.Elements.Length > 0)
            head = Lookup(substitution.Scope.Then(substitution.Path), sight);
        if (head is HoconHead.Undefined)
            head = Lookup(substitution.Path, sight);
        if (head is not HoconHead.Undefined)
            return head;
        var name = string.Join('.', substitution.Path.Elements);
        if (environment(name) is { } text)
            return new HoconHead.Scalar(new HoconValue.String(text, substitution.Origin));
        if (substitution.Optional)
            return head;

        errors.Add(new ConfigError(substitution.Origin, substitution.Field.ToString(), $"${{{substitution.Path}}}, which leads to no value",
            "a path that is set, and not only by way of itself, or the name of an environment variable; ${?...} where it may be absent"));
        return Broken(substitution.Origin);
    }

    HoconHead Lookup(HoconPath path, HoconObservations? sight)
    {
        HoconHead head = new HoconHead.Objects([root], root.Origin);
        foreach (var key in path.Elements)
        {
            if (head is not HoconHead.Objects objects)
                return head is HoconHead.Scalar { Value: HoconValue.Broken } ? head : Undefined;
            _steps += objects.Parts.Length;
            head = Resolve(Definitions(objects, key, sight), sight);
        }
        return head;
    }

    HoconHead.Scalar Refuse(HoconOrigin origin)
    {
        if (!_refused)
            errors.Add(new ConfigError(origin, "", "substitutions that lead on and on", $"chains of at most {ChainMax}"));
        _refused = true;
        return Broken(origin);
    }

    static HoconHead.Scalar Broken(HoconOrigin origin) => new(new HoconValue.Broken(origin));
}
