namespace Fleet.Cli.Tests;

/// <summary>A placement problem in a file: four nodes in two racks, 24 VIPs of 1 Gbit/s, settled but for the last, which nobody has yet.</summary>
public sealed class ProblemFile : IDisposable
{
    public ProblemFile(string? text = null)
    {
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllText(Path, text ?? Text());
    }

    public string Path { get; }

    public static string Text(int k = 1, int domains = 0, bool isReversed = false)
    {
        var nodes = Enumerable
            .Range(1, 4)
            .Select(i => $$"""{"name":"adc-{{i}}","site":"ams","domain":"rack-{{((i - 1) % 2) + 1}}","capacity-bps":2e10,"state":"up"}""");
        var vips = Enumerable
            .Range(0, 24)
            .Select(i => $$"""{"address":"10.0.0.{{i + 1}}","service":"{{(i < 12 ? "web" : "s3")}}","demand-bps":1000000000,{{Place(i)}}}""");
        if (isReversed)
            (nodes, vips) = (nodes.Reverse(), vips.Reverse());
        return $$"""{"protection":{"nodes":{{k}},"domains":{{domains}},"utilisation-max":1.0},"nodes":[{{string.Join(',', nodes)}}],"""
            + $$""" "vips":[{{string.Join(',', vips)}}]}""";
    }

    /// <summary>Standbys go round the three other nodes, so that each inherits as much as the next.</summary>
    private static string Place(int i) => i == 23
        ? """ "owner":null,"standbys":["adc-4","adc-1"] """
        : $$""" "owner":"adc-{{(i % 4) + 1}}","standbys":["adc-{{(((i % 4) + 1 + (i / 4 % 3)) % 4) + 1}}"] """;

    public void Dispose() => File.Delete(Path);
}
