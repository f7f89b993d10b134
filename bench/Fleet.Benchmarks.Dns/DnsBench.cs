using System.Text.Json;
using Fleet.Benchmarks.Dns.Machine;
using Fleet.Benchmarks.Report;

namespace Fleet.Benchmarks.Dns;

/// <summary>Runs what is asked for, and prints each part's table and the figures at the end; 1 when one is missed, 3 when it cannot be run.</summary>
public sealed class DnsBench(DnsOptions options)
{
    private const int CannotRun = 3;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly TextWriter _output = options.AsJson ? Console.Error : Console.Out;

    public async Task<int> RunAsync()
    {
        var figures = new List<Figure>();
        using var pulse = new Pulse("Making ready");
        try
        {
            Cores.TakeGenerators();
            if (options.HasPriority)
                Cores.GoFirst();
            _output.WriteLine(Host.Describe());
            _output.WriteLine();
            if (Begins(DnsPart.Peers, "Fleet beside other servers", pulse))
                figures.AddRange(await new PeerRun(options, _output).RunAsync());
            if (Begins(DnsPart.Changes, "Large maps, and maps that change", pulse))
                figures.AddRange(await new OwnRun(options, _output).ChangesAsync());
            if (Begins(DnsPart.Signed, "Signed answers", pulse))
                figures.AddRange(await new OwnRun(options, _output).SignedAsync());
            if (Begins(DnsPart.Withdrawal, "How long stale answers go on", pulse))
                figures.AddRange(new WithdrawalRun(options, _output).Run());
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync($"fleet bench dns: {e.Message}");
            return CannotRun;
        }

        foreach (var figure in figures)
            _output.WriteLine(figure);
        if (options.AsJson)
            Console.Out.WriteLine(JsonSerializer.Serialize(figures, Indented));
        var (judged, missed) = (figures.Count(figure => figure.Limit is not null), figures.Count(figure => !figure.IsMet));
        _output.WriteLine(missed == 0 ? $"All {judged} figures are met." : $"{missed} of {judged} figures are missed.");
        return missed == 0 ? 0 : 1;
    }

    private bool Begins(DnsPart part, string what, Pulse pulse)
    {
        if (options.Runs(part))
            pulse.Next(what);
        return options.Runs(part);
    }
}
