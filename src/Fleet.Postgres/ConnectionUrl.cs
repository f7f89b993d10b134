using System.Collections.Frozen;

namespace Fleet.Postgres;

/// <summary>
/// libpq's URLs (PostgreSQL's manual, "Connection URIs"): <c>postgresql://[user[:password]@][host[:port],...][/database][?name=value&amp;...]</c>.
/// </summary>
internal static class ConnectionUrl
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>libpq's parameters by Npgsql's keywords.</summary>
    private static readonly FrozenDictionary<string, string> Keywords = new Dictionary<string, string>
    {
        ["host"] = "Host",
        ["hostaddr"] = "Host",
        ["port"] = "Port",
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode",
        ["ssl_negotiation"] = "SSL Negotiation",
        ["sslnegotiation"] = "SSL Negotiation",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["channel_binding"] = "Channel Binding",
        ["require_auth"] = "Require Auth",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["client_encoding"] = "Client Encoding",
        ["options"] = "Options",
        ["keepalives_idle"] = "Tcp Keepalive Time",
        ["keepalives_interval"] = "Tcp Keepalive Interval",
        ["target_session_attrs"] = "Target Session Attributes",
    }.ToFrozenDictionary();

    public static bool IsUrl(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.Ordinal));

    /// <summary>Null when Npgsql has nothing like that parameter.</summary>
    public static string? Keyword(string parameter) => Keywords.GetValueOrDefault(parameter);

    /// <summary>Pairs of libpq's parameters and values.</summary>
    public static bool TryRead(string url, out List<(string Name, string Value)> pairs, out string mistake)
    {
        pairs = [];
        mistake = "";
        var rest = url[Schemes.First(scheme => url.StartsWith(scheme, StringComparison.Ordinal)).Length..];
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, database) = Cut(beforeQuery, '/');
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Cut(authority[..at], ':');
            Add(pairs, "user", user);
            Add(pairs, "password", password ?? "");
        }

        var (host, port) = Host(authority[(at + 1)..]);
        Add(pairs, "host", host);
        Add(pairs, "port", port ?? "");
        Add(pairs, "dbname", database ?? "");
        foreach (var parameter in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(parameter, '=');
            if (value is null)
            {
                mistake = "a parameter of the URL has no value: ?name=value&name=value";
                return false;
            }

            pairs.RemoveAll(pair => pair.Name == name);
            pairs.Add((name, Mode(name, Uri.UnescapeDataString(value))));
        }

        return true;
    }

    /// <summary>Several hosts have their ports with them, which Npgsql understands; one has brackets where it is an address of IPv6.</summary>
    private static (string Host, string? Port) Host(string hosts)
    {
        if (hosts.Contains(',', StringComparison.Ordinal))
            return (hosts, null);
        if (!hosts.StartsWith('['))
            return Cut(hosts, ':');
        var (host, rest) = Cut(hosts[1..], ']');
        return (host, rest?.TrimStart(':'));
    }

    private static void Add(List<(string Name, string Value)> pairs, string name, string value)
    {
        if (value.Length > 0)
            pairs.Add((name, Uri.UnescapeDataString(value)));
    }

    /// <summary>Npgsql writes these two without a hyphen.</summary>
    private static string Mode(string name, string value) => (name, value) switch
    {
        ("sslmode", "verify-ca") => "VerifyCA",
        ("sslmode", "verify-full") => "VerifyFull",
        _ => value,
    };

    private static (string Before, string? After) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is var place and >= 0 ? (text[..place], text[(place + 1)..]) : (text, null);
}
