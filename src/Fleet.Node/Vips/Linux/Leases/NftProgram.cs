using System.ComponentModel;
using System.Diagnostics;

namespace Fleet.Node.Vips.Linux.Leases;

/// <summary>The program nft of the package nftables, which reads rules and makes them true in one transaction.</summary>
internal static class NftProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="IOException">It is not there, does not end, or refuses the rules.</exception>
    public static void Load(string rules)
    {
        try
        {
            using var nft = Process.Start(new ProcessStartInfo(File.Exists("/usr/sbin/nft") ? "/usr/sbin/nft" : "nft", ["-f", "-"])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            var errors = nft.StandardError.ReadToEndAsync();
            nft.StandardInput.Write(rules);
            nft.StandardInput.Close();
            if (!nft.WaitForExit(Patience))
            {
                nft.Kill();
                throw new IOException($"nft has not ended within {Patience.TotalSeconds:0} s");
            }

            if (nft.ExitCode != 0)
                throw new IOException($"nft refuses the rules of the lease: {errors.GetAwaiter().GetResult().Trim()}");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"nft of the package nftables cannot be started: {e.Message}", e);
        }
    }
}
