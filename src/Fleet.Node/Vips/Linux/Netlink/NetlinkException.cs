namespace Fleet.Node.Vips.Linux.Netlink;

/// <summary>The kernel refuses a request, or does not answer it. It is an <see cref="IOException"/>: whoever asked may ask again.</summary>
internal sealed class NetlinkException : IOException
{
    public NetlinkException(string what, int error)
        : base($"{what}: {Errno.Text(error)}") => Error = error;

    public NetlinkException(string message)
        : base(message)
    {
    }

    public NetlinkException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public NetlinkException()
    {
    }

    /// <summary>The error's number (errno(3)); 0 where there is none.</summary>
    public int Error { get; }
}
