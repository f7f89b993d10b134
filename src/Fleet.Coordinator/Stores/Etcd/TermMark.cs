using System.Globalization;
using System.Text;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// The newest term, and whether its leader gave the leadership back itself: then nothing is acknowledged in it any more, and whoever comes next need
/// not wait. As text: <c>7</c> or <c>7 resigned</c>.
/// </summary>
internal readonly record struct TermMark(long Term, bool IsResigned)
{
    private const string Resigned = " resigned";

    public byte[] ToOctets() => Encoding.UTF8.GetBytes(Term.ToString(CultureInfo.InvariantCulture) + (IsResigned ? Resigned : ""));

    /// <summary>False when it is no term. Null, where there is no key, is term 0: nobody has led.</summary>
    public static bool TryParse(byte[]? octets, out TermMark mark)
    {
        mark = new TermMark(0, true);
        if (octets is null)
            return true;
        var text = Encoding.UTF8.GetString(octets);
        var isResigned = text.EndsWith(Resigned, StringComparison.Ordinal);
        var digits = isResigned ? text[..^Resigned.Length] : text;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var term) || term is <= 0 or long.MaxValue)
            return false;
        mark = new TermMark(term, isResigned);
        return true;
    }
}
