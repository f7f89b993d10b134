using System.Globalization;
using System.Text;

namespace Fleet.Shared.Hocon;

/// <summary>
/// Java properties as HOCON reads them ("Java properties mapping"): every value is a string, and keys are split at each dot with empty elements kept.
/// Where a key is both text and object, the object wins, whatever the order.
/// </summary>
internal static class HoconProperties
{
    public static HoconNode.Object Parse(string text, string file)
    {
        var root = new HoconNode.Object(new HoconOrigin(file, 1));
        var entries = Lines(text).Select(l => Entry(l.Text, new HoconOrigin(file, l.Line))).ToList();
        // Shorter paths first: a later object then replaces an earlier string, and a string never replaces an object.
        foreach (var (path, value) in entries.OrderBy(e => e.Path.Elements.Length))
            if (path.Elements.Length <= HoconParser.DepthMax)
                root.Add(path, new HoconNode.Scalar(value));
        return root;
    }

    /// <summary>Lines with comments gone and continuations joined.</summary>
    static IEnumerable<(string Text, int Line)> Lines(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var number = i + 1;
            var line = lines[i].TrimEnd('\r').TrimStart(' ', '\t', '\f', '\uFEFF');
            if (line.Length == 0 || line[0] is '#' or '!')
                continue;
            while (EndsInOddBackslash(line))
            {
                line = line[..^1] + (i + 1 < lines.Length ? lines[i + 1].TrimEnd('\r').TrimStart(' ', '\t', '\f') : "");
                i++;
            }
            yield return (line, number);
        }
    }

    static bool EndsInOddBackslash(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    static (HoconPath Path, HoconValue Value) Entry(string line, HoconOrigin origin)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t' or '\f'))
            end += line[end] == '\\' ? 2 : 1;
        end = Math.Min(end, line.Length);
        var rest = line[end..].TrimStart(' ', '\t', '\f');
        if (rest.Length > 0 && rest[0] is '=' or ':')
            rest = rest[1..].TrimStart(' ', '\t', '\f');
        var path = new HoconPath([.. Unescape(line[..end]).Split('.')]);
        return (path, new HoconValue.String(Unescape(rest), origin));
    }

    static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length)
            {
                plain.Append(text[i]);
                continue;
            }
            var c = text[++i];
            if (c == 'u'
                && i + 4 < text.Length
                && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                i += 4;
            }
            else
                plain.Append(c switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', _ => c });
        }
        return plain.ToString();
    }
}
