using Fleet.Simulation.Faults;

namespace Fleet.Simulation.Plans;

/// <summary>A fault as a line: when, what, and with what: <c>12.5s  pause node=adc-2 for=250ms with-relay=true</c>.</summary>
public static class FaultLine
{
    public static string Write(Fault fault)
    {
        var parts = FaultForm.Parts(fault).Where(p => !p.IsDefault).Select(p => $" {PlainValue.KebabCase(p.Name)}={PlainValue.Write(p.Value!)}");
        return $"{PlainValue.Text(fault.At),12}  {fault.Kind}{string.Concat(parts)}";
    }

    /// <exception cref="FormatException">It is none, and why.</exception>
    public static Fault Read(string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var moment, var kind, .. var rest])
            throw new FormatException("a fault is a moment and a kind, such as '2.5s kill node=adc-1'");
        var at = (TimeSpan)PlainValue.Read(moment, typeof(TimeSpan));
        if (at < TimeSpan.Zero)
            throw new FormatException($"{moment} is before the beginning");
        if (!FaultForm.Kinds.TryGetValue(kind, out var type))
            throw new FormatException($"there is no fault '{kind}'; there are {string.Join(", ", FaultForm.Kinds.Keys)}");
        var words = Words(rest);
        var known = FaultForm.Parameters(type).Select(p => PlainValue.KebabCase(p.Name!)).ToArray();
        if (words.Keys.FirstOrDefault(name => !known.Contains(name)) is { } stranger)
            throw new FormatException($"{kind} has no '{stranger}', but {(known.Length == 0 ? "nothing at all" : string.Join(", ", known))}");
        return FaultForm.Make(type, at, parameter =>
        {
            var name = PlainValue.KebabCase(parameter.Name!);
            if (words.TryGetValue(name, out var word))
                return PlainValue.Read(word, parameter.ParameterType);
            return FaultForm.MayBeLeftOut(parameter) ? FaultForm.Default(parameter) : throw new FormatException($"{kind} lacks '{name}='");
        });
    }

    private static Dictionary<string, string> Words(IEnumerable<string> words)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            if (word.Split('=', 2) is not [var name, { Length: > 0 } value] || !values.TryAdd(name, value))
                throw new FormatException($"'{word}' is not NAME=VALUE, or comes twice");
        }

        return values;
    }
}
