using System.Globalization;
using System.Text;

namespace Fleet.Shared.Hocon;

/// <summary>A resolved value as JSON (RFC 8259): numbers as they were written, keys in their order.</summary>
internal static class HoconJson
{
    public static string Render(HoconValue value, bool indented = true)
    {
        var text = new StringBuilder();
        Write(text, value, indented, 0);
        return text.ToString();
    }

    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2);
        WriteString(quoted, text);
        return quoted.ToString();
    }

    static void Write(StringBuilder text, HoconValue value, bool indented, int depth)
    {
        switch (value)
        {
            case HoconValue.Object o:
                WriteMany(text, '{', '}', o.Fields.Length, indented, depth, i =>
                {
                    WriteString(text, o.Fields[i].Key);
                    text.Append(indented ? ": " : ":");
                    Write(text, o.Fields[i].Value, indented, depth + 1);
                });
                break;
            case HoconValue.Array a:
                WriteMany(text, '[', ']', a.Items.Length, indented, depth, i => Write(text, a.Items[i], indented, depth + 1));
                break;
            case HoconValue.String s:
                WriteString(text, s.Text);
                break;
            case HoconValue.Number n:
                text.Append(n.Text);
                break;
            case HoconValue.Boolean b:
                text.Append(b.Value ? "true" : "false");
                break;
            default:
                text.Append("null");
                break;
        }
    }

    static void WriteMany(StringBuilder text, char open, char close, int count, bool indented, int depth, Action<int> write)
    {
        text.Append(open);
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                text.Append(',');
            Break(text, indented, depth + 1);
            write(i);
        }
        if (count > 0)
            Break(text, indented, depth);
        text.Append(close);
    }

    static void Break(StringBuilder text, bool indented, int depth)
    {
        if (indented)
            text.Append('\n').Append(' ', depth * 2);
    }

    static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var plain = "\"\\\b\f\n\r\t".IndexOf(c, StringComparison.Ordinal);
            if (plain >= 0)
                text.Append('\\').Append("\"\\bfnrt"[plain]);
            else if (c < ' ' || c is '\u007F' or '\u2028' or '\u2029' || IsLoneSurrogate(value, i))
                text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }
        text.Append('"');
    }

    static bool IsLoneSurrogate(string value, int at) => char.IsSurrogate(value[at])
        && !(char.IsHighSurrogate(value[at]) && at + 1 < value.Length && char.IsLowSurrogate(value[at + 1]))
        && !(char.IsLowSurrogate(value[at]) && at > 0 && char.IsHighSurrogate(value[at - 1]));
}
