using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Whom a coordinator trusts, and who it is. The files are read once, when it starts: whoever changes one starts it again.
/// </summary>
internal static class EtcdTls
{
    /// <exception cref="EtcdException">A file cannot be read, or is none.</exception>
    public static SslClientAuthenticationOptions Options(EtcdSettings settings, IDisk disk)
    {
        var authorities = Read(disk, settings.CaFile!, pem =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            return found.Count > 0 ? found : throw new IOException("it holds no certificate");
        });
        var options = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        if (settings.CertFile is { } file)
        {
            var key = Read(disk, settings.KeyFile!, pem => pem);
            options.ClientCertificates = [Read(disk, file, pem => X509Certificate2.CreateFromPem(pem, key))];
        }

        return options;
    }

    private static T Read<T>(IDisk disk, string file, Func<string, T> parse)
    {
        try
        {
            return parse(Encoding.UTF8.GetString(disk.ReadAll(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException
            or ArgumentException)
        {
            throw new EtcdException(EtcdFailure.Refused, $"{file} cannot be used: {e.Message}");
        }
    }
}
