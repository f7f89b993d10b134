namespace Fleet.Node.Gslb;

/// <summary>Receives, answers, sends, on one thread and one socket, until told to stop.</summary>
internal interface IUdpLoop
{
    /// <summary>Octets of the largest query looked at; what is longer is cut, and answered as malformed.</summary>
    public const int QuerySizeMax = 2048;

    /// <summary>How long a loop may take to notice that it is to stop.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until <paramref name="stop"/> is set, and at most <see cref="StopPatience"/> beyond.</summary>
    void Run(CancellationToken stop);
}
