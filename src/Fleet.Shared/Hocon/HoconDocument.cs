namespace Fleet.Shared.Hocon;

/// <summary>
/// A configuration in layers, later ones laid over earlier ones as duplicate keys are (defaults, then a file, then overrides);
/// resolved as one, so that a substitution in any layer sees the final value.
/// </summary>
internal sealed class HoconDocument(IHoconSources sources, IList<ConfigError> errors)
{
    HoconNode? _root;

    /// <summary>Lays a file on top, with all it includes; it must exist and, unless it is the only layer, hold an object.</summary>
    public HoconDocument File(string path) => Lay(new HoconIncluder(sources, errors).Root(path), path);

    /// <summary>Lays text on top; `name` stands in messages and is what relative includes start from.</summary>
    public HoconDocument Text(string text, string name) => Lay(new HoconIncluder(sources, errors).Text(text, name), name);

    /// <summary>The values of all layers. `environment` answers substitutions that no layer does, with null for a name that is not set.</summary>
    public HoconValue Resolve(Func<string, string?> environment) =>
        HoconResolver.Resolve(_root ?? new HoconNode.Object(default), environment, errors);

    /// <summary>As <see cref="Resolve"/>, where only an object makes sense.</summary>
    public HoconValue.Object ResolveObject(Func<string, string?> environment)
    {
        var value = Resolve(environment);
        if (value is HoconValue.Object o)
            return o;
        if (value is not HoconValue.Broken)
            errors.Add(new ConfigError(value.Origin, "", "an array at the root", "an object at the root"));
        return new HoconValue.Object([], value.Origin);
    }

    HoconDocument Lay(HoconNode layer, string name)
    {
        if (_root is null)
            _root = layer;
        else if (_root is HoconNode.Object below && layer is HoconNode.Object above)
            below.Merge(above);
        else
            errors.Add(new ConfigError(name, 1, "", "an array at the root", "an object at the root"));
        return this;
    }
}
