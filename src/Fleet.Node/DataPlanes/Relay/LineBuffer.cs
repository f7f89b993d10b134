using System.Text;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>Bytes as they come, and the lines of UTF-8 in them.</summary>
internal sealed class LineBuffer
{
    private const int LineBytesMax = 64 * 1024 * 1024;
    private byte[] _bytes = new byte[16 * 1024];
    private int _from;
    private int _searched;
    private int _to;

    /// <summary>Where the next bytes go: never empty. Bytes put there count once <see cref="Add"/> is called.</summary>
    /// <exception cref="IOException">A line is longer than 64 MiB.</exception>
    public Memory<byte> Room()
    {
        if (_from > 0)
        {
            _bytes.AsSpan(_from, _to - _from).CopyTo(_bytes);
            (_from, _searched, _to) = (0, _searched - _from, _to - _from);
        }

        if (_to == LineBytesMax)
            throw new IOException("A line is too long.");
        if (_to == _bytes.Length)
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        return _bytes.AsMemory(_to);
    }

    public void Add(int length) => _to += length;

    /// <summary>The next line without its end, if it has come whole.</summary>
    public bool TryTake(out string line)
    {
        var end = _bytes.AsSpan(_searched, _to - _searched).IndexOf((byte)'\n');
        if (end < 0)
        {
            _searched = _to;
            line = "";
            return false;
        }

        line = Encoding.UTF8.GetString(_bytes, _from, _searched + end - _from);
        _from = _searched = _searched + end + 1;
        return true;
    }
}
