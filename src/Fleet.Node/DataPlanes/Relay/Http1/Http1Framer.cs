using System.Text;

namespace Fleet.Node.DataPlanes.Relay.Http1;

/// <summary>What a framer tells the meter about its direction.</summary>
internal interface IHttp1Listener
{
    /// <summary>A start line is whole. False gives up following this direction.</summary>
    bool Started(Http1Line line);

    /// <summary>The head is whole: how long is the body? Header fields that decide it are in <paramref name="head"/>.</summary>
    Http1Body BodyOf(Http1Head head);

    /// <summary>Head and body are whole.</summary>
    void Ended();
}

/// <summary>The header fields that frame a message.</summary>
internal readonly record struct Http1Head(long? ContentLength, bool Chunked, bool Coded);

internal enum Http1Body
{
    /// <summary>None.</summary>
    None,

    /// <summary>As many bytes as Content-Length says.</summary>
    Counted,

    Chunked,

    /// <summary>Everything until the connection ends, or no HTTP any more.</summary>
    Rest,

    /// <summary>The framing makes no sense: stop following.</summary>
    Bad,
}

/// <summary>
/// Follows the framing of HTTP/1.1 messages (RFC 9112, sections 2 to 7) in one direction of a connection, in whatever pieces the bytes come. It
/// changes nothing, keeps no body, never throws: on input that makes no sense it gives up (<see cref="Lost"/>) and looks at nothing any more.
/// </summary>
internal sealed class Http1Framer(IHttp1Listener listener)
{
    private const int HeadBytesMax = 256 * 1024;
    private readonly Http1Line _line = new();
    private State _state = State.Start;
    private long _left;
    private int _headBytes;
    private long? _contentLength;
    private bool _chunked;
    private bool _coded;

    private enum State
    {
        Start,
        Fields,
        Body,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailers,
        Rest,
        Lost,
    }

    /// <summary>Between two messages, with no byte of the next one seen.</summary>
    public bool AtBoundary => _state == State.Start && _line.Length == 0;

    public bool Lost => _state == State.Lost;

    public void GiveUp() => _state = State.Lost;

    public void Follow(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_state is State.Lost or State.Rest)
                return;
            bytes = _state is State.Body or State.ChunkData ? Skip(bytes) : Collect(bytes);
        }
    }

    private ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> bytes)
    {
        var taken = (int)Math.Min(_left, bytes.Length);
        _left -= taken;
        if (_left == 0)
        {
            if (_state == State.Body)
                End();
            else
                _state = State.ChunkEnd;
        }

        return bytes[taken..];
    }

    private ReadOnlySpan<byte> Collect(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        var piece = end < 0 ? bytes : bytes[..end];
        _line.Add(piece);
        _headBytes += piece.Length + 1;
        if (_headBytes > HeadBytesMax)
        {
            GiveUp();
            return [];
        }

        if (end < 0)
            return [];
        _line.TrimReturn();
        TakeLine();
        _line.Clear();
        return bytes[(end + 1)..];
    }

    private void TakeLine()
    {
        switch (_state)
        {
            case State.Start when _line.Length == 0:
                break; // An empty line before a start line is skipped (RFC 9112, section 2.2).
            case State.Start:
                _state = listener.Started(_line) ? State.Fields : State.Lost;
                break;
            case State.Fields when _line.Length == 0:
                BeginBody();
                break;
            case State.Fields:
                TakeField();
                break;
            case State.ChunkSize:
                BeginChunk();
                break;
            case State.ChunkEnd:
                _state = _line.Length == 0 ? State.ChunkSize : State.Lost;
                _headBytes = 0;
                break;
            case State.Trailers when _line.Length == 0:
                End();
                break;
            default:
                break;
        }
    }

    private void BeginBody()
    {
        var body = listener.BodyOf(new Http1Head(_contentLength, _chunked, _coded));
        _headBytes = 0;
        _left = _contentLength ?? 0;
        _state = body switch
        {
            Http1Body.Counted when _left > 0 => State.Body,
            Http1Body.None or Http1Body.Counted => State.Start,
            Http1Body.Chunked => State.ChunkSize,
            Http1Body.Rest => State.Rest,
            _ => State.Lost,
        };
        if (_state == State.Start)
            End();
    }

    private void BeginChunk()
    {
        var text = _line.Text;
        var digits = 0;
        _left = 0;
        while (digits < text.Length && char.IsAsciiHexDigit((char)text[digits]) && digits <= 15)
            _left = (_left << 4) + HexValue(text[digits++]);
        var extension = text[digits..].TrimStart(" \t"u8);
        if (digits is 0 or > 15 || (extension.Length > 0 && extension[0] != (byte)';'))
            GiveUp();
        else
            _state = _left == 0 ? State.Trailers : State.ChunkData;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private void End()
    {
        _state = State.Start;
        _headBytes = 0;
        _contentLength = null;
        _chunked = _coded = false;
        listener.Ended();
    }

    private void TakeField()
    {
        var text = _line.Text;
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || text[0] is (byte)' ' or (byte)'\t')
        {
            // A folded or nameless line: servers disagree about what it means, so nothing is relied on from here.
            GiveUp();
            return;
        }

        var name = text[..colon];
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
            TakeContentLength(text[(colon + 1)..]);
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
            TakeCoding(text[(colon + 1)..]);
        else if (Ascii.EqualsIgnoreCase(name.Trim(" \t"u8), "content-length"u8) || Ascii.EqualsIgnoreCase(name.Trim(" \t"u8), "transfer-encoding"u8))
            GiveUp();
    }

    private void TakeContentLength(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t"u8);
        long length = 0;
        foreach (var digit in value)
        {
            if (!char.IsAsciiDigit((char)digit) || value.Length > 18)
            {
                GiveUp();
                return;
            }

            length = (length * 10) + (digit - '0');
        }

        if (value.Length == 0 || (_contentLength is { } earlier && earlier != length))
            GiveUp();
        else
            _contentLength = length;
    }

    private void TakeCoding(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t"u8);
        _coded = true;
        var comma = value.LastIndexOf((byte)',');
        var last = value[(comma + 1)..].Trim(" \t"u8);
        if (_line.Cut)
            GiveUp();
        else
            _chunked = Ascii.EqualsIgnoreCase(last, "chunked"u8);
    }
}
