namespace Fleet.Shared.Hocon;

/// <summary>The tree as parsed, before substitutions: what <see cref="HoconResolver"/> turns into a <see cref="HoconValue"/>.</summary>
internal abstract class HoconNode
{
    HoconNode(HoconOrigin origin) => Origin = origin;

    public HoconOrigin Origin { get; private set; }

    internal sealed class Scalar(HoconValue value) : HoconNode(value.Origin)
    {
        public HoconValue Value { get; } = value;
    }

    /// <summary>The blanks between two values on one line: kept between strings, dropped between objects or arrays.</summary>
    internal sealed class Blank(string text, HoconOrigin origin) : HoconNode(origin)
    {
        public string Text { get; } = text;
    }

    internal sealed class Array(IReadOnlyList<HoconNode> items, HoconOrigin origin) : HoconNode(origin)
    {
        public IReadOnlyList<HoconNode> Items { get; } = items;
    }

    /// <param name="field">The field that holds it, for messages.</param>
    internal sealed class Concatenation(IReadOnlyList<HoconNode> pieces, HoconPath field, HoconOrigin origin) : HoconNode(origin)
    {
        public HoconPath Field { get; } = field;
        public IReadOnlyList<HoconNode> Pieces { get; } = pieces;
    }

    /// <summary>`${path}` or `${?path}`.</summary>
    /// <param name="scope">Where the file that holds it was included: the path is looked up below that place first, then from the root.</param>
    /// <param name="field">The field that holds the substitution, for messages.</param>
    internal sealed class Substitution(HoconPath path, bool optional, HoconPath scope, HoconPath field, HoconOrigin origin) : HoconNode(origin)
    {
        public HoconPath Path { get; } = path;
        public bool Optional { get; } = optional;
        public HoconPath Scope { get; } = scope;
        public HoconPath Field { get; } = field;
    }

    /// <summary>What the same field held before: the left side of `+=` inside an array, where no path leads.</summary>
    internal sealed class Earlier(HoconOrigin origin) : HoconNode(origin);

    internal sealed class Broken(HoconOrigin origin) : HoconNode(origin);

    /// <summary>Every definition of one key in one object, in the order written: self-references look back along it.</summary>
    internal sealed class Slot
    {
        public List<HoconNode> Definitions { get; } = [];
    }

    internal sealed class Object(HoconOrigin origin) : HoconNode(origin)
    {
        readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);

        /// <summary>In the order of first appearance.</summary>
        public List<string> Keys { get; } = [];

        public Slot? this[string key] => _slots.GetValueOrDefault(key);

        /// <summary>Adds a later definition; an object that follows an object is merged into it at once (HOCON, "Duplicate keys").</summary>
        public void Add(string key, HoconNode value)
        {
            if (!_slots.TryGetValue(key, out var slot))
            {
                slot = new Slot();
                _slots.Add(key, slot);
                Keys.Add(key);
            }
            if (value is Object later && slot.Definitions.LastOrDefault() is Object earlier)
            {
                earlier.Merge(later);
                earlier.Origin = later.Origin;
            }
            else
                slot.Definitions.Add(value);
        }

        /// <summary>Lays `later` over this object, which uses `later` up.</summary>
        public void Merge(Object later)
        {
            foreach (var key in later.Keys)
                foreach (var definition in later[key]!.Definitions)
                    Add(key, definition);
        }

        /// <summary>Puts a value at a path, with an object for each element but the last (HOCON, "Paths as keys").</summary>
        public void Add(HoconPath path, HoconNode value)
        {
            for (var i = path.Elements.Length - 1; i > 0; i--)
            {
                var wrapper = new Object(value.Origin);
                wrapper.Add(path.Elements[i], value);
                value = wrapper;
            }
            Add(path.Elements[0], value);
        }
    }
}
