namespace Fleet.Node.Vips.Linux.Netlink;

/// <summary>Error numbers of Linux (errno(3)) that mean something here.</summary>
internal static class Errno
{
    public const int NotFound = 2;
    public const int NoDevice = 19;
    public const int AddressNotAvailable = 99;

    /// <summary>What the number means, in the system's words.</summary>
    public static string Text(int error) => System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error);
}
