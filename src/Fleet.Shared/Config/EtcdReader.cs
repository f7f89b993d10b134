using Fleet.Shared.Gate;
using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>`fleet.coordinator.etcd`.</summary>
internal static class EtcdReader
{
    const int PrefixMax = 200;

    static readonly NumberRange Lease = new(1, 60, NumberUnit.Seconds);

    static readonly Reading<string> Prefix = Text(
        "a prefix of keys that begins with a slash, in quotes, such as \"/fleet\"",
        t => t.Length is > 1 and <= PrefixMax && t[0] == '/' && t.All(c => c is > ' ' and <= '~'));

    static readonly Reading<string> User = Text("the name of a user of etcd", t => t.Trim().Length > 0);

    static readonly Reading<string> File = Text("the name of a file", t => t.Trim().Length > 0);

    public static EtcdSettings Read(ConfigReader etcd)
    {
        var errors = etcd.ErrorCount;
        var settings = new EtcdSettings
        {
            Endpoints = etcd.Some("endpoints", Target),
            Prefix = etcd.Value("prefix", Prefix),
            Lease = TimeSpan.FromSeconds(etcd.Value("lease", Seconds(Lease))),
            AttemptTimeout = etcd.Value("attempt-timeout", Duration(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10))),
            User = etcd.Optional("user", User),
            PasswordFile = etcd.Optional("password-file", File),
            CaFile = etcd.Optional("ca-file", File),
            CertFile = etcd.Optional("cert-file", File),
            KeyFile = etcd.Optional("key-file", File),
        };
        if (etcd.IsSoundSince(errors))
            Together(etcd, settings);
        etcd.Close();
        return settings;
    }

    static void Together(ConfigReader etcd, EtcdSettings settings)
    {
        Both(etcd, ("user", settings.User), ("password-file", settings.PasswordFile));
        Both(etcd, ("cert-file", settings.CertFile), ("key-file", settings.KeyFile));
        if (settings.CertFile is { } file && settings.CaFile is null)
            etcd.Report(
                "cert-file", $"\"{file}\" without ca-file", "a certificate of this coordinator's only with TLS, which ca-file turns on");
    }

    static void Both(ConfigReader etcd, (string Key, string? Value) one, (string Key, string? Value) other)
    {
        if ((one.Value is null) == (other.Value is null))
            return;
        var (there, missing) = one.Value is null ? (other, one) : (one, other);
        etcd.Report(there.Key, $"\"{there.Value}\" without {missing.Key}", "both, or neither");
    }
}
