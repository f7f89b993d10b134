using Fleet.Cli.Sessions;
namespace Fleet.Cli.Tests;

/// <summary>What a run of pbm left behind.</summary>
public sealed record PbmRun(int Code, string Out, string Error)
{
    /// <summary>Runs pbm in this process as in a pipe, against one API.</summary>
    public static Task<PbmRun> AgainstAsync(FakeApi api, params string[] args) => RunAsync([.. args, "--url", api.Url], []);

    /// <param name="written">What pbm prints on, for a test that looks at it while pbm runs.</param>
    public static async Task<PbmRun> RunAsync(
        string[] args,
        Dictionary<string, string> environment,
        string? typed = null,
        int? width = null,
        string input = "",
        TimeProvider? time = null,
        TextWriter? written = null,
        CancellationToken cancel = default)
    {
        using var stdout = written ?? new StringWriter();
        using var stderr = new StringWriter();
        var host = new CliHost(
            stdout,
            stderr,
            () => typed,
            width,
            typed is not null,
            environment.GetValueOrDefault)
        { ReadInput = () => input, Time = time ?? TimeProvider.System };
        var code = await Pbm.RunAsync(args, host, cancel);
        return new PbmRun(code, $"{stdout}", stderr.ToString());
    }
}
