namespace Fleet.Simulation.Disks;

/// <summary>The bytes of a file, which grow and shrink.</summary>
internal sealed class SimContent
{
    private byte[] buffer = [];

    public int Length { get; private set; }

    public SimContent Copy() => new() { buffer = ToArray(), Length = Length };

    public byte[] ToArray() => buffer[..Length];

    /// <summary>What lies between the end and a longer length reads as zeroes.</summary>
    public void Resize(int length)
    {
        if (length > buffer.Length)
            Array.Resize(ref buffer, Math.Max(length, 2 * buffer.Length));
        if (length > Length)
            buffer.AsSpan(Length, length - Length).Clear();
        Length = length;
    }

    public void Write(ReadOnlySpan<byte> bytes, int offset)
    {
        if (offset + bytes.Length > Length)
            Resize(offset + bytes.Length);
        bytes.CopyTo(buffer.AsSpan(offset));
    }

    public void Flip(long bit) => buffer[bit / 8] ^= (byte)(1 << (int)(bit % 8));
}
