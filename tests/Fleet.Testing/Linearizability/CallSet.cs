namespace Fleet.Testing.Linearizability;

/// <summary>A set of numbers below a bound, with a copy to keep; two copies with the same numbers are equal.</summary>
internal sealed class CallSet : IEquatable<CallSet>
{
    private readonly ulong[] _words;

    public CallSet(int bound) => _words = new ulong[(bound + 63) / 64];

    private CallSet(CallSet other) => _words = [.. other._words];

    public bool Has(int number) => (_words[number / 64] & Bit(number)) != 0;

    public void Set(int number, bool isIn) => _words[number / 64] = isIn ? _words[number / 64] | Bit(number) : _words[number / 64] & ~Bit(number);

    public CallSet Copy() => new(this);

    public bool Equals(CallSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => Equals(obj as CallSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in _words)
            hash.Add(word);
        return hash.ToHashCode();
    }

    private static ulong Bit(int number) => 1UL << (number % 64);
}
