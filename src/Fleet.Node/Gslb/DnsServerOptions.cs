namespace Fleet.Node.Gslb;

/// <summary>How datagrams are taken from the kernel.</summary>
internal enum UdpPath
{
    /// <summary>In batches of 64 where the kernel has recvmmsg (64-bit Linux), else one by one.</summary>
    Fastest,

    /// <summary>
    /// One by one through the framework, on every system; a socket bound to any address still uses batches where the kernel has them.
    /// </summary>
    Portable,
}

/// <summary>Bounds of the DNS server.</summary>
internal sealed record DnsServerOptions
{
    /// <summary>Threads that answer UDP, each with its own socket on the one port; more than one needs Linux.</summary>
    public int UdpThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>How datagrams are taken from the kernel.</summary>
    public UdpPath UdpPath { get; init; } = UdpPath.Fastest;

    /// <summary>Kernel buffer of each UDP socket in octets, each way; the kernel cuts it to net.core.rmem_max and wmem_max.</summary>
    public int UdpBufferOctets { get; init; } = 4 * 1024 * 1024;

    /// <summary>TCP connections served at once; further ones are closed at accept (RFC 7766 6.2.2).</summary>
    public int TcpConnectionsMax { get; init; } = 256;

    /// <summary>How long a TCP connection may take for its next whole query, or for taking an answer (RFC 7766 6.2.3).</summary>
    public TimeSpan TcpIdleMax { get; init; } = TimeSpan.FromSeconds(10);
}
