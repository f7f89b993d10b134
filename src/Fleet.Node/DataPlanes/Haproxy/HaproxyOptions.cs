using Fleet.Node.DataPlanes.Haproxy.Rendering;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>How an agent finds, starts and waits for its HAProxy. One folder has one HAProxy.</summary>
internal sealed record HaproxyOptions
{
    /// <summary>Where its configuration, sockets and log are; the sockets make at most 80 bytes of it, and no commas.</summary>
    public required string Folder { get; init; }

    public required RenderOptions Rendering { get; init; }

    /// <summary>The program, looked for as the shell does, and where Debian has it.</summary>
    public string Program { get; init; } = "haproxy";

    /// <summary>
    /// An HAProxy that leaves a question unanswered for this long is said not to answer. With <see cref="ProbeEvery"/> it is less than a lease.
    /// </summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromMilliseconds(350);

    /// <summary>How often it is asked whether it answers.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>One that has not answered for this long is killed, and another is started.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A drain leaves a connection that has not had a request for this long: the first one may be on its way.</summary>
    public TimeSpan FirstRequestMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it may take to load a configuration.</summary>
    public TimeSpan LoadMax { get; init; } = TimeSpan.FromSeconds(8);

    public string MasterSocket => Path.Combine(Folder, "master.sock");

    public string LogFile => Path.Combine(Folder, "haproxy.log");

    public static HaproxyOptions In(string folder, string node) => new()
    {
        Folder = folder,
        Rendering = new RenderOptions { SocketPath = Path.Combine(folder, "haproxy.sock"), Node = node },
    };
}
