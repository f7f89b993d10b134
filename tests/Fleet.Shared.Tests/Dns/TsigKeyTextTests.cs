using Fleet.Shared.Dns;

namespace Fleet.Shared.Tests.Dns;

/// <summary>Key files, as tools print them and as people spoil them.</summary>
public sealed class TsigKeyTextTests
{
    private const string Secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Theory]
    [InlineData("key \"Fleet.Example\" {\n\talgorithm hmac-sha256;\n\tsecret \"" + Secret + "\";\n};\n", TsigAlgorithm.HmacSha256)]
    [InlineData(
        "# made by hand\nkey fleet.example { secret \"" + Secret + "\"; // the secret\n algorithm HMAC-SHA512; }; /* end */",
        TsigAlgorithm.HmacSha512)]
    [InlineData("key fleet.example{algorithm hmac-sha256;secret " + Secret + ";};", TsigAlgorithm.HmacSha256)]
    public void Key_is_read(string text, TsigAlgorithm algorithm)
    {
        TsigKeyText.TryRead(text, out var key, out var mistake).ShouldBeTrue(mistake);
        key!.Name.ShouldBe(DnsName.Parse("fleet.example"));
        key.Algorithm.ShouldBe(algorithm);
        key.Mac("x"u8).ShouldBe(new TsigKey(key.Name, algorithm, Convert.FromBase64String(Secret)).Mac("x"u8));
        key.ToString().ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("", "it is not of the form")]
    [InlineData("key \"a\" { algorithm hmac-sha256; };", "it is not of the form")]
    [InlineData("key \"a\" { secret \"" + Secret + "\"; secret \"" + Secret + "\"; };", "it is not of the form")]
    [InlineData("key \"a\" { algorithm hmac-md5; secret \"" + Secret + "\"; };", "the algorithm is hmac-md5; hmac-sha256 and hmac-sha512 are known")]
    [InlineData("key \"a\" { algorithm hmac-sha256; secret \"%%%\"; };", "the secret is not base64")]
    [InlineData("key \"a\" { algorithm hmac-sha256; secret \"c2hvcnQ=\"; };", "the secret has 5 octets")]
    [InlineData("key \"a..b\" { algorithm hmac-sha256; secret \"" + Secret + "\"; };", "the key's name 'a..b' is not a domain name")]
    [InlineData("key \"a\" { algorithm hmac-sha256; secret \"" + Secret, "it is not of the form")]
    public void Mistake_is_told_without_the_secret(string text, string told)
    {
        TsigKeyText.TryRead(text, out _, out var mistake).ShouldBeFalse();
        mistake.ShouldStartWith(told);
        mistake.ShouldNotContain(Secret);
    }
}
