using System.Text;

namespace Fleet.Node.DataPlanes.Relay.Http1;

/// <summary>
/// Collects one line of a message's head, whatever pieces it comes in. Of a line longer than <see cref="KeptMax"/> only the beginning and the last
/// bytes are kept.
/// </summary>
internal sealed class Http1Line
{
    private const int KeptMax = 512;
    private const int TailSize = 8;
    private readonly byte[] _kept = new byte[KeptMax];
    private readonly byte[] _tail = new byte[TailSize];
    private int _length;

    /// <summary>Bytes of the line so far, without its end.</summary>
    public int Length => _length;

    /// <summary>Not all of the line is in <see cref="Text"/>.</summary>
    public bool Cut => _length > KeptMax;

    public ReadOnlySpan<byte> Text => _kept.AsSpan(0, Math.Min(_length, KeptMax));

    public void Clear() => _length = 0;

    public void Add(ReadOnlySpan<byte> piece)
    {
        if (_length < KeptMax)
            piece[..Math.Min(piece.Length, KeptMax - _length)].CopyTo(_kept.AsSpan(_length));
        var last = piece.Length > TailSize ? piece[^TailSize..] : piece;
        _tail.AsSpan(last.Length).CopyTo(_tail);
        last.CopyTo(_tail.AsSpan(TailSize - last.Length));
        _length += piece.Length;
    }

    /// <summary>Takes off the CR of a line that was ended by CR LF; a bare LF ends a line too (RFC 9112, section 2.2).</summary>
    public void TrimReturn()
    {
        if (_length == 0 || _tail[TailSize - 1] != (byte)'\r')
            return;
        _length--;
        _tail.AsSpan(0, TailSize - 1).CopyTo(_tail.AsSpan(1));
    }

    /// <summary>The line ends with this text of at most seven bytes, compared byte by byte.</summary>
    public bool EndsWith(ReadOnlySpan<byte> text) => _length >= text.Length && _tail.AsSpan(TailSize - text.Length).SequenceEqual(text);

    public override string ToString() => Encoding.Latin1.GetString(Text);
}
