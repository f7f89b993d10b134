using System.Runtime.InteropServices;

namespace Fleet.Node.Doctor;

/// <summary>Whether somebody keeps the wall clock of this host right.</summary>
internal static partial class WallClock
{
    private const int ClockIsWrong = 5; // TIME_ERROR of adjtimex(2)

    /// <summary>The size of struct timex is 208 octets on 64-bit Linux; the first field, modes, is 0: nothing is changed.</summary>
    private const int TimexSize = 256;

    /// <summary>Null where the kernel does not tell.</summary>
    public static bool? IsKept()
    {
        Span<byte> timex = stackalloc byte[TimexSize];
        timex.Clear();
        return AskKernel(ref MemoryMarshal.GetReference(timex)) switch
        {
            < 0 => null,
            var state => state != ClockIsWrong,
        };
    }

    [LibraryImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AskKernel(ref byte timex);
}
