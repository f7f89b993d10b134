using System.Collections.Immutable;
using Fleet.Shared.Gate;
using Fleet.Shared.Hocon;

namespace Fleet.Shared.Config;

/// <summary>
/// Reads one object of a configuration key by key. Mistakes are recorded and reading goes on with a default, so that all of them show at once.
/// The caller must therefore drop the result when there are errors. <see cref="Close"/> refuses the keys that nobody asked for.
/// A null stands for "not set".
/// </summary>
public sealed class ConfigReader
{
    readonly HoconValue.Object? _values;
    readonly IList<ConfigError> _errors;
    readonly List<string> _asked = [];
    readonly string _path;

    /// <param name="values">Null makes a silent reader: the mistake that took the values away is already recorded.</param>
    /// <param name="path">Where the values are, for messages.</param>
    public ConfigReader(HoconValue.Object? values, string path, IList<ConfigError> errors) => (_values, _path, _errors) = (values, path, errors);

    /// <summary>The mistakes so far, everywhere.</summary>
    public int ErrorCount => _errors.Count;

    /// <summary>A rule over several keys makes sense only where there are values and reading them added no mistake.</summary>
    public bool IsSoundSince(int errorCount) => _values is not null && _errors.Count == errorCount;

    public T Value<T>(string key, Reading<T> reading)
    {
        if (!TryAsk(key, out var value))
            return default!;
        return Read(value, key, reading);
    }

    /// <summary>Null where the key is not set.</summary>
    public T? Optional<T>(string key, Reading<T> reading)
        where T : class => IsSet(key) ? Value(key, reading) : null;

    /// <inheritdoc cref="Optional{T}(string, Reading{T})"/>
    public T? OptionalValue<T>(string key, Reading<T> reading)
        where T : struct => IsSet(key) ? Value(key, reading) : null;

    public bool IsSet(string key)
    {
        Ask(key);
        return _values?[key] is not (null or HoconValue.Null);
    }

    /// <summary>The value itself, for settings of several kinds; null where not set.</summary>
    public HoconValue? Raw(string key) => IsSet(key) ? _values![key] : null;

    /// <summary>All items of a list; an object with numbers as keys is one too (HOCON, "Conversion of numerically-indexed objects").</summary>
    public ImmutableArray<T> List<T>(string key, Reading<T> reading) =>
        [.. ItemValues(key, $"a list, each {reading.Allowed}").Select((v, i) => Read(v, $"{key}[{i}]", reading))];

    /// <summary>A list that must not be empty.</summary>
    public ImmutableArray<T> Some<T>(string key, Reading<T> reading)
    {
        var soundBefore = ErrorCount;
        var items = List(key, reading);
        if (items.IsEmpty && IsSoundSince(soundBefore))
            Report(key, "none", $"at least one, each {reading.Allowed}");
        return items;
    }

    /// <summary>The objects of a list, each laid over `defaults`.</summary>
    public IEnumerable<ConfigReader> Items(string key, HoconValue.Object defaults) =>
        ItemValues(key, "a list of objects").Select((v, i) => Over(defaults, v, $"{key}[{i}]")).ToList();

    public ConfigReader Section(string key) =>
        TryAsk(key, out var value) ? Over(new HoconValue.Object([], value.Origin), value, key) : new ConfigReader(null, At(key), _errors);

    /// <summary>The entries of a map whose keys are names that the user chose.</summary>
    public IEnumerable<(string Name, ConfigReader Reader)> Entries(string key, HoconValue.Object defaults)
    {
        var map = Section(key);
        return [.. (map._values?.Fields ?? []).Select(f => (f.Key, map.Over(defaults, f.Value, new HoconPath([f.Key]).ToString())))];
    }

    /// <summary>The entries of a map from names that the user chose to lists.</summary>
    public ImmutableArray<(string Name, ImmutableArray<T> Items)> Lists<T>(string key, Reading<string> name, Reading<T> item)
    {
        var map = Section(key);
        return [.. (map._values?.Fields ?? []).Select(field => (map.Named(field.Key, name), map.List(field.Key, item)))];
    }

    string Named(string key, Reading<string> name)
    {
        if (!name.Try(new HoconValue.String(key, default), out _))
            _errors.Add(new ConfigError(Where(_values?[key]), At(new HoconPath([key]).ToString()), $"the name {HoconJson.Quote(key)}", name.Allowed));
        return key;
    }

    public void Close()
    {
        foreach (var (key, value) in _values?.Fields ?? [])
        {
            if (_asked.Contains(key))
                continue;
            var near = NearestWord.Find(key, _asked);
            var hint = near is null ? "" : $" (did you mean {near}?)";
            _errors.Add(new ConfigError(value.Origin, At(new HoconPath([key]).ToString()), $"an unknown key{hint}", string.Join(", ", _asked)));
        }
    }

    /// <summary>Records a mistake at a key, or with "" at the whole object, for rules that no reading knows.</summary>
    public void Report(string key, string found, string allowed) =>
        _errors.Add(new ConfigError(Where(_values?[key]), At(key), found, allowed));

    /// <summary>Where the value stands, for messages of a time when the reader is gone.</summary>
    public HoconOrigin Origin(string key) => Where(_values?[key]);

    ConfigReader Over(HoconValue.Object defaults, HoconValue value, string key)
    {
        if (value is HoconValue.Object o)
            return new ConfigReader(HoconMerge.Over(defaults, o), At(key), _errors);
        if (value is not HoconValue.Broken)
            _errors.Add(new ConfigError(value.Origin, At(key), Shown(value), "an object { ... }"));
        return new ConfigReader(null, At(key), _errors);
    }

    ImmutableArray<HoconValue> ItemValues(string key, string allowed)
    {
        if (!TryAsk(key, out var value))
            return [];
        switch (value)
        {
            case HoconValue.Array array:
                return array.Items;
            case HoconValue.Object o when HoconPieces.IndexKeys(o.Fields.Select(f => f.Key)) is { } keys:
                return [.. keys.Select(k => o[k]!)];
            case HoconValue.Broken:
                return [];
            default:
                Report(key, Shown(value), allowed);
                return [];
        }
    }

    T Read<T>(HoconValue value, string key, Reading<T> reading)
    {
        if (reading.Try(value, out var result))
            return result;
        if (value is not HoconValue.Broken)
            _errors.Add(new ConfigError(Where(value), At(key), Shown(value), reading.Allowed));
        return default!;
    }

    bool TryAsk(string key, out HoconValue value)
    {
        Ask(key);
        value = _values?[key] ?? new HoconValue.Null(_values?.Origin ?? default);
        return _values is not null;
    }

    void Ask(string key)
    {
        if (!_asked.Contains(key))
            _asked.Add(key);
    }

    /// <summary>Nobody fixes a default: a mistake in one is located at the user's object that it was merged into.</summary>
    HoconOrigin Where(HoconValue? value) =>
        value is null || value.Origin.File == ConfigDocument.Reference ? _values?.Origin ?? default : value.Origin;

    string At(string key) => key.Length == 0 ? _path : _path.Length == 0 ? key : $"{_path}.{key}";

    static string Shown(HoconValue value) => value switch
    {
        HoconValue.Null => "nothing",
        HoconValue.Object => "an object",
        HoconValue.Array => "a list",
        _ when HoconJson.Render(value) is { Length: > 80 } text => text[..80] + "...",
        _ => HoconJson.Render(value),
    };
}
