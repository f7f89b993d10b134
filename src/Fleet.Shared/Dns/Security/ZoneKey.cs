using System.Security.Cryptography;

namespace Fleet.Shared.Dns.Security;

/// <summary>
/// A key of one zone with its private half. Not a record on purpose: nothing that prints its members may hold a secret.
/// </summary>
public sealed class ZoneKey
{
    private readonly byte[] _secret;

    private ZoneKey(DnsName zone, DnsKey key, KeyTimes times, byte[] secret)
    {
        Zone = zone;
        Key = key;
        Times = times;
        _secret = secret;
    }

    /// <summary>The apex of the zone it signs.</summary>
    public DnsName Zone { get; }

    /// <summary>Its public half.</summary>
    public DnsKey Key { get; }

    /// <summary>When it comes and goes.</summary>
    public KeyTimes Times { get; }

    /// <summary>The private scalar, 32 octets: for signing and for the key file, nothing else.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>What its two files are called without their extensions: <c>Kfleet.test.+013+12345</c>.</summary>
    public string FileName => $"K{(Zone.Length == 1 ? "" : Zone.ToString())}.+{DnsKey.Algorithm:D3}+{Key.Tag:D5}";

    /// <summary>Takes over the private key in <paramref name="pair"/>, whose public half follows from it.</summary>
    /// <exception cref="CryptographicException">It is no private key on P-256.</exception>
    public static ZoneKey FromPair(DnsName zone, ushort flags, KeyTimes times, ECDsa pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var parameters = pair.ExportParameters(includePrivateParameters: true);
        if (parameters.D is not { Length: DnsKey.ScalarSize } secret)
            throw new CryptographicException("not a private key on P-256");
        return new ZoneKey(zone, new DnsKey(flags, [.. parameters.Q.X!, .. parameters.Q.Y!]), times, secret);
    }

    /// <summary>The key with this scalar; false where the scalar is not a private key of the curve, or not of <paramref name="key"/>.</summary>
    public static bool TryPair(DnsName zone, DnsKey key, KeyTimes times, ReadOnlySpan<byte> secret, out ZoneKey? pair)
    {
        ArgumentNullException.ThrowIfNull(key);
        pair = null;
        try
        {
            using var signer = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret.ToArray() });
            var found = FromPair(zone, key.Flags, times, signer);
            pair = found.Key.Equals(key) ? found : null;
        }
        catch (CryptographicException)
        {
            return false;
        }

        return pair is not null;
    }

    /// <summary>The same key with other times.</summary>
    public ZoneKey With(KeyTimes times) => new(Zone, Key, times, _secret);

    /// <summary>A signer with the private key; the caller disposes it.</summary>
    public ECDsa OpenSigner() => ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = _secret });

    /// <summary>The file's name: nothing of the key.</summary>
    public override string ToString() => FileName;
}
