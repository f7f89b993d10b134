namespace Fleet.Shared.Protocol;

/// <summary>
/// Tells a peer's datagrams from a stranger's, by the bytes at the end of each. It is a pure function of the bytes and of a key, where there is one.
/// </summary>
public interface IDatagramSeal
{
    /// <summary>Fills <paramref name="mac"/>, of <see cref="WitnessDatagram.MacSize"/> bytes, for what stands before it.</summary>
    void Seal(ReadOnlySpan<byte> content, Span<byte> mac);

    /// <summary>Whether somebody with the same key sealed this. False for whatever comes from outside, never an exception.</summary>
    bool IsSound(ReadOnlySpan<byte> content, ReadOnlySpan<byte> mac);
}

/// <summary>There is no key: the seal is all zero, and a datagram that somebody has sealed with a key is not read.</summary>
public sealed class NoSeal : IDatagramSeal
{
    public static readonly NoSeal Instance = new();

    /// <inheritdoc/>
    public void Seal(ReadOnlySpan<byte> content, Span<byte> mac) => mac.Clear();

    /// <inheritdoc/>
    public bool IsSound(ReadOnlySpan<byte> content, ReadOnlySpan<byte> mac) => !mac.ContainsAnyExcept((byte)0);
}
