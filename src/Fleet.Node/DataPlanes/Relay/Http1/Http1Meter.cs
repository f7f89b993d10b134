using System.Text;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Relay.Http1;

/// <summary>
/// Counts the HTTP/1.1 requests of one connection and knows whether one is unanswered, from the bytes that pass by in both directions, in whatever
/// pieces. It never throws: where the framing is uncertain it stops counting, and falls back to silence to tell when the connection is idle. Not for
/// use by two threads at once.
/// </summary>
internal sealed class Http1Meter
{
    /// <summary>Without framing, nothing more is expected this long after the last byte of a response.</summary>
    public static readonly TimeSpan SilenceIsIdle = TimeSpan.FromMilliseconds(50);

    private const int UnansweredMax = 1024;
    private readonly Queue<Asked> _unanswered = new();
    private readonly Http1Framer _requests;
    private readonly Http1Framer _responses;
    private bool _tunnel;
    private bool _serverSpokeLast;
    private Instant _lastByte;

    public Http1Meter()
    {
        _requests = new Http1Framer(new RequestSide(this));
        _responses = new Http1Framer(new ResponseSide(this));
    }

    private enum Asked
    {
        Plain,

        /// <summary>HEAD: its response has no body, whatever its fields say.</summary>
        Head,
    }

    /// <summary>Requests whose request line has been seen.</summary>
    public long Requests { get; private set; }

    /// <summary>Requests are no longer counted: the connection is a tunnel (CONNECT, 101) or its framing makes no sense.</summary>
    public bool GaveUp => _tunnel || Uncertain;

    private bool Uncertain => _requests.Lost || _responses.Lost;

    /// <summary>Client to server.</summary>
    public void OnRequestBytes(ReadOnlySpan<byte> bytes, Instant now)
    {
        _lastByte = now;
        _serverSpokeLast = false;
        if (!GaveUp)
            _requests.Follow(bytes);
    }

    /// <summary>Server to client.</summary>
    public void OnResponseBytes(ReadOnlySpan<byte> bytes, Instant now)
    {
        _lastByte = now;
        _serverSpokeLast = true;
        if (!GaveUp)
            _responses.Follow(bytes);
    }

    /// <summary>
    /// Every request begun has had its whole response, so that the connection can be closed without breaking one. A tunnel is never idle.
    /// </summary>
    public bool IsIdle(Instant now)
    {
        if (_tunnel)
            return false;
        if (Uncertain)
            return _serverSpokeLast && now - _lastByte >= SilenceIsIdle;
        return _unanswered.Count == 0 && _requests.AtBoundary && _responses.AtBoundary;
    }

    private sealed class RequestSide(Http1Meter meter) : IHttp1Listener
    {
        public bool Started(Http1Line line)
        {
            var space = line.Text.IndexOf((byte)' ');
            if (space is < 1 or > 32 || !IsToken(line.Text[..space]) || !(line.EndsWith("TP/1.1"u8) || line.EndsWith("TP/1.0"u8)))
                return false;
            meter.Requests++;
            var method = line.Text[..space];
            if (method.SequenceEqual("CONNECT"u8))
                meter._tunnel = true;
            meter._unanswered.Enqueue(method.SequenceEqual("HEAD"u8) ? Asked.Head : Asked.Plain);
            return meter._unanswered.Count <= UnansweredMax && !meter._tunnel;
        }

        public Http1Body BodyOf(Http1Head head) => head switch
        {
            { Chunked: true } => Http1Body.Chunked,
            { Coded: true } => Http1Body.Bad, // RFC 9112, section 6.3: the server cannot tell its length either.
            { ContentLength: not null } => Http1Body.Counted,
            _ => Http1Body.None,
        };

        public void Ended()
        {
        }

        private static bool IsToken(ReadOnlySpan<byte> method)
        {
            foreach (var letter in method)
            {
                if (!char.IsAsciiLetterOrDigit((char)letter) && !"!#$%&'*+-.^_`|~"u8.Contains(letter))
                    return false;
            }

            return true;
        }
    }

    private sealed class ResponseSide(Http1Meter meter) : IHttp1Listener
    {
        private int _status;

        public bool Started(Http1Line line)
        {
            var text = line.Text;
            return text.Length >= 12 && text.StartsWith("HTTP/1."u8) && text[8] == (byte)' '
                && int.TryParse(Encoding.ASCII.GetString(text[9..12]), System.Globalization.NumberStyles.None, null, out _status) && _status >= 100;
        }

        public Http1Body BodyOf(Http1Head head)
        {
            if (_status == 101)
                meter._tunnel = true;
            if (_status < 200 || _status is 204 or 304 || (meter._unanswered.TryPeek(out var asked) && asked == Asked.Head))
                return Http1Body.None;
            return head switch
            {
                { Chunked: true } => Http1Body.Chunked,
                { Coded: true } => Http1Body.Rest,
                { ContentLength: not null } => Http1Body.Counted,
                _ => Http1Body.Rest,
            };
        }

        public void Ended()
        {
            if (_status >= 200)
                meter._unanswered.TryDequeue(out _);
        }
    }
}
