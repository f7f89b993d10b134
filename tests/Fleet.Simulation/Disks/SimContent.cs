namespace Fleet.Simulation.Disks;

/// <summary>The bytes of a file, which grow and shrink.</summary>
internal sealed class SimContent
{
    private byte[] _buffer = [];

    public int Length { get; private set; }

    public SimContent Copy() => new() { _buffer = ToArray(), Length = Length };

    public byte[] ToArray() => _buffer[..Length];

    /// <summary>What lies between the end and a longer length reads as zeroes.</summary>
    public void Resize(int length)
    {
        if (length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(length, 2 * _buffer.Length));
        if (length > Length)
            _buffer.AsSpan(Length, length - Length).Clear();
        Length = length;
    }

    public void Write(ReadOnlySpan<byte> bytes, int offset)
    {
        if (offset + bytes.Length > Length)
            Resize(offset + bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(offset));
    }

    public void Flip(long bit) => _buffer[bit / 8] ^= (byte)(1 << (int)(bit % 8));
}
