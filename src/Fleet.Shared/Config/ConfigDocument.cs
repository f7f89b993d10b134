using System.Reflection;
using Fleet.Shared.Hocon;

namespace Fleet.Shared.Config;

/// <summary>A user's file between the defaults below it and the overrides on top.</summary>
internal static class ConfigDocument
{
    /// <summary>The name of the defaults in origins.</summary>
    public const string Reference = "reference.conf";

    /// <summary>hocon/reference.conf, the one place where defaults are written; embedded, so that no program can lose it.</summary>
    public static string ReferenceText { get; } = ReadReference();

    public static HoconValue.Object Load(
        string? path, IEnumerable<string> overrides, IHoconSources sources, Func<string, string?> environment, IList<ConfigError> errors)
    {
        var document = new HoconDocument(sources, errors).Text(ReferenceText, Reference);
        if (path is not null)
            document.File(path);
        foreach (var text in overrides)
            document.Text(Spelled(text), "--set");
        return document.ResolveObject(environment);
    }

    /// <summary>The root may hold `fleet`, `vars` for a user's own substitutions, and for a service's file `services`.</summary>
    public static ConfigReader Root(HoconValue.Object root, IList<ConfigError> errors)
    {
        var reader = new ConfigReader(root, "", errors);
        reader.IsSet("fleet");
        reader.IsSet("vars");
        return reader;
    }

    /// <summary>
    /// `--set key=value` is HOCON; where it is not, such as in `fleet.coordinator.listen=127.0.0.1:7400`, the value is taken as text,
    /// since a shell has eaten the quotes that a file would have.
    /// </summary>
    internal static string Spelled(string text)
    {
        var errors = new List<ConfigError>();
        new HoconDocument(new NoSources(), errors).Text(text, "--set");
        var equals = text.IndexOf('=');
        return errors.Count == 0 || equals < 0 ? text : $"{text[..equals]}={HoconJson.Quote(text[(equals + 1)..].Trim())}";
    }

    static string ReadReference()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Reference)
            ?? throw new InvalidOperationException("reference.conf is not embedded in Fleet.Shared");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    sealed class NoSources : IHoconSources
    {
        public HoconText Read(string path) => new HoconText.Missing();
    }
}
