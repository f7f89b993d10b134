using System.Text.Json;
using Fleet.Benchmarks.Report;
using Fleet.Benchmarks.Store.Runs;
using Fleet.Benchmarks.Store.World;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Store;

/// <summary>Runs what is asked for and prints each part's figures with the load of the machine; 1 when one is missed.</summary>
internal sealed class StoreBench(StoreOptions options)
{
    private readonly TextWriter _output = options.AsJson ? Console.Error : Console.Out;
    private readonly List<MeasuredPart> _measured = [];

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        _output.WriteLine($"{options.Nodes} nodes, {options.Vips} VIPs, seed {options.Seed}; logs in {options.Folder}");
        using var pulse = new Pulse("Servers");
        await using var servers = await StoreServers.StartAsync(options.Folder, options.WithPostgres, cancellation);
        foreach (var part in options.Parts.Where(part => options.WithPostgres || part != StorePart.Projection))
        {
            pulse.Next($"{part}");
            var before = LoadAverage.Now();
            Figure[] figures = [.. await RunAsync(part, servers, cancellation)];
            Tell(new MeasuredPart(part.ToString(), before, LoadAverage.Now(), figures));
        }

        if (options.AsJson)
            Console.Out.WriteLine(JsonSerializer.Serialize(_measured));
        var judged = _measured.SelectMany(part => part.Figures).Where(figure => figure.Limit is not null).ToArray();
        var missed = judged.Count(figure => !figure.IsMet);
        _output.WriteLine(missed == 0 ? $"All {judged.Length} promises are kept." : $"{missed} of {judged.Length} promises are missed.");
        return missed == 0 ? 0 : 1;
    }

    private Task<IEnumerable<Figure>> RunAsync(StorePart part, StoreServers servers, CancellationToken cancellation) => part switch
    {
        StorePart.Append => AsCoordinatorAsync(new AppendRun(options, servers).RunAsync, cancellation),
        StorePart.Projection => AsCoordinatorAsync(new ProjectionRun(options, servers).RunAsync, cancellation),
        StorePart.Follower => new FollowerRun(options, servers).RunAsync(cancellation),
        _ => new RestartRun(options, servers).RunAsync(cancellation),
    };

    /// <summary>
    /// What a coordinator does in its own process has the priority here that it has there. Programs that are started would inherit it.
    /// </summary>
    private static async Task<IEnumerable<Figure>> AsCoordinatorAsync(
        Func<CancellationToken, Task<IEnumerable<Figure>>> run, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keeping = LeasePriority.KeepAsync(granted => Console.Error.WriteLine(granted), TimeProvider.System, end.Token);
        try
        {
            return await run(cancellation);
        }
        finally
        {
            await end.CancelAsync();
            await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Tell(MeasuredPart part)
    {
        _measured.Add(part);
        _output.WriteLine($"{part.Name}, load average {part.LoadBefore:0.0} before and {part.LoadAfter:0.0} after:");
        foreach (var figure in part.Figures)
            _output.WriteLine(figure);
    }

    private sealed record MeasuredPart(string Name, double? LoadBefore, double? LoadAfter, IReadOnlyList<Figure> Figures);
}
